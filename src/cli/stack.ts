import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { loadConfig } from '../config/load.js';
import { UserError } from '../model/user-error.js';
import { showKey } from '../report/format.js';
import type { Output } from '../report/reporter.js';
import { templateText } from '../stack/template.js';
import { ExitCode } from './exit-code.js';

interface StackFlags {
  readonly config?: string;
  readonly bundle?: string;
  readonly code?: string;
}

const EXAMPLES = `
Examples:
  imgvar stack > imgvar.yaml            the CloudFormation template, for a pipeline of your own
  imgvar stack --bundle lambda.zip      the code of its functions, with the config in it`;

export function addStack(program: Command, output: Output, exit: (code: number) => void): void {
  program
    .command('stack')
    .summary('print what deploy deploys')
    .description('Prints the CloudFormation template, or writes the zip that its functions are made of. Asks AWS nothing.')
    .option('--bundle <file>', 'write the zip there, and print nothing of the template')
    .option('--code <file>', 'the zip of the functions without a config (default: the package\'s own)')
    .option('-c, --config <file>', 'config file (default: imgvar.config.json, found upwards from here)')
    .addHelpText('after', EXAMPLES)
    .action(async ({ bundle, code, config }: StackFlags) => {
      if (bundle === undefined && (code ?? config) !== undefined) throw new UserError('usage', 'The template does not depend on --code and --config; they are for --bundle FILE.');
      if (bundle === undefined) output.stdout.write(templateText());
      else await writeBundle(bundle, { config, code }, output);
      exit(ExitCode.done);
    });
}

async function writeBundle(typed: string, { config: given, code }: StackFlags, { stderr }: Output): Promise<void> {
  const config = await loadConfig({ file: given, cwd: process.cwd() });
  const { codeOf } = await import('./bundle.js');
  const zip = await codeOf(config, code, process.cwd());
  const file = path.resolve(typed);
  await writeFile(file, zip).catch((error: NodeJS.ErrnoException) => {
    throw new UserError('location-unwritable', `${file} cannot be written (${error.code ?? error.message}); name another file.`);
  });
  stderr.write(`Wrote ${showKey(file)}.\n`);
}
