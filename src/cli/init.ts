import process from 'node:process';
import type { Command } from 'commander';
import { writeStarterConfig } from '../config/init.js';
import { showKey } from '../report/format.js';
import type { Output } from '../report/reporter.js';
import { ExitCode } from './exit-code.js';

export function addInit(program: Command, output: Output, exit: (code: number) => void): void {
  program
    .command('init')
    .summary('write a starter imgvar.config.json')
    .description('Writes a starter imgvar.config.json here, with the six variants of the levels preset. Never overwrites one.')
    .addHelpText('after', '\nExamples:\n  imgvar init                  write it, then set "originals" and "variants" in it\n  imgvar reprocess --dry-run   see what is due')
    .action(async () => {
      const file = await writeStarterConfig(process.cwd());
      output.stdout.write(`Wrote ${showKey(file)}.\nSet "originals" and "variants" in it, then see what is due: imgvar reprocess --dry-run\n`);
      exit(ExitCode.done);
    });
}
