import process from 'node:process';
import type { Command } from 'commander';
import { checkupLines } from '../report/doctor.js';
import { showJson } from '../report/format.js';
import type { Output } from '../report/reporter.js';
import { checkups } from '../run/checkups.js';
import { looksAt, type DoctorSettings } from './doctor-looks.js';
import { ExitCode } from './exit-code.js';
import { functionName } from './options.js';
import { addLocations } from './reprocess-options.js';

interface DoctorFlags extends Omit<DoctorSettings, 'functionName'> {
  readonly function?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  imgvar doctor                                   the config of this folder
  imgvar doctor s3://originals/ s3://variants/    these locations
  imgvar doctor --function imgvar-reprocess       the deployed function as well`;

export function addDoctor(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('doctor')
    .summary('look whether everything that a run needs is there')
    .description('Looks at Node, the image library, config, locations, clock and function, and says for each what to mend. Leaves small files of imgvar\'s own among the variants, where these are in a bucket.');
  addLocations(command)
    .option('-c, --config <file>', 'config file (default: imgvar.config.json, found upwards from here)')
    .option('--function <name>', 'name or ARN of a deployed function (default: the config\'s)', functionName)
    .option('--endpoint-url <url>', 'S3 of another provider than AWS')
    .option('--region <name>', 'AWS region (default: the config\'s, AWS_REGION, the profile\'s)')
    .option('--profile <name>', 'named profile of ~/.aws')
    .option('--json', 'JSON lines on stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (originals: string | undefined, variants: string | undefined, { function: name, json = false, ...flags }: DoctorFlags) => {
      let isWell = true;
      for await (const checkup of checkups(looksAt({ ...flags, originals, variants, functionName: name }, process.cwd()))) {
        isWell &&= checkup.result !== 'failed';
        for (const line of json ? [showJson(checkup)] : checkupLines(checkup, output.color)) output.stdout.write(`${line}\n`);
      }
      exit(isWell ? ExitCode.done : ExitCode.usage);
    });
}
