import { Option, type Command } from 'commander';
import { finalFailures } from '../checkpoint/failures.js';
import { recordsOf, type OnDamaged, type RunRecord } from '../checkpoint/run-record.js';
import { csvList, jsonList, textList } from '../report/failure-list.js';
import { showKey } from '../report/format.js';
import type { Output } from '../report/reporter.js';
import { ExitCode } from './exit-code.js';
import { addLookBackOptions, openRoot, runOf, warningOn, type LookBackOptions, type Root } from './look-back.js';

interface FailuresFlags extends LookBackOptions {
  readonly to?: string;
  readonly csv?: boolean;
}

const EXAMPLES = `
Examples:
  imgvar failures                           of the last run that has some
  imgvar failures 20261123T130512345Z-3fa9c1   of this run; imgvar status names them
  imgvar failures --to variants --csv       as comma-separated values`;

export function addFailures(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('failures')
    .summary('list what failed in a run')
    .description('Lists what an earlier run could not make, and what to do about it. Writes nothing.')
    .argument('[run]', 'a run\'s id (default: the last run with failures)')
    .option('--to <location>', 'where the variants are (default: the config\'s)');
  addLookBackOptions(command)
    .addOption(new Option('--csv', 'comma-separated values on stdout').conflicts('json'))
    .addHelpText('after', EXAMPLES)
    .action(async (id: string | undefined, flags: FailuresFlags) => {
      const root = await openRoot(flags.to, flags);
      const run = id === undefined ? await lastWithFailures(root, warningOn(output)) : await runOf(root, id);
      await list(root, run, flags, output);
      exit(ExitCode.done);
    });
}

async function list(root: Root, run: RunRecord | undefined, { json = false, csv = false }: FailuresFlags, output: Output): Promise<void> {
  if (run === undefined && !json && !csv) output.stdout.write(`No failures are remembered in ${showKey(root.variants)}.\n`);
  const id = run?.id ?? '';
  const listed = csv ? csvList(output) : json ? jsonList(output, id) : textList(output, id);
  if (run === undefined) return;
  for await (const failure of finalFailures(root.checkpoint, run)) listed.add(failure);
  listed.end();
}

async function lastWithFailures({ checkpoint, variants }: Root, onDamaged: OnDamaged): Promise<RunRecord | undefined> {
  for await (const run of recordsOf(checkpoint, variants, onDamaged)) {
    const { done } = await finalFailures(checkpoint, run).next();
    if (done !== true) return run;
  }
  return undefined;
}
