import type { Command } from 'commander';
import { history } from '../checkpoint/history.js';
import type { PastRun } from '../model/past-run.js';
import { showJson, showKey } from '../report/format.js';
import type { Output } from '../report/reporter.js';
import { pastRunLines, type Next } from '../report/status.js';
import { ExitCode } from './exit-code.js';
import { addLookBackOptions, openRoot, warningOn, type LookBackOptions } from './look-back.js';
import { failuresCommand, jobCommand, retryCommand, type Here } from './next-command.js';

interface StatusFlags extends LookBackOptions {
  readonly verbose?: boolean;
}

/** How many runs are shown, unless all are asked for. */
const RECENT = 10;

const EXAMPLES = `
Examples:
  imgvar status                          the runs of the config's variants
  imgvar status s3://bucket/variants/    of this location
  imgvar status --json | jq .state       for scripts`;

export function addStatus(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('status')
    .summary('show earlier runs, and how to go on')
    .description('Shows the runs of a location of variants, the newest first, and what to type next. Writes nothing.')
    .argument('[variants]', 'a folder, or s3://bucket/prefix/ (default: the config\'s)');
  addLookBackOptions(command)
    .option('-v, --verbose', `all runs, not only the last ${RECENT}`)
    .addHelpText('after', EXAMPLES)
    .action(async (variants: string | undefined, flags: StatusFlags) => {
      await showStatus(variants, flags, output);
      exit(ExitCode.done);
    });
}

async function showStatus(typed: string | undefined, flags: StatusFlags, output: Output): Promise<void> {
  const { stdout, color } = output;
  const { json = false, verbose = false } = flags;
  const { variants, checkpoint, config, holder } = await openRoot(typed, flags);
  const print = (line: string): void => void stdout.write(`${line}\n`);
  const held = await holder();
  if (held !== null && !json) {
    print(`${showKey(variants)} is being written now\nby ${showKey(`${held.user} on ${held.machine}, process ${held.pid} (run ${held.run})`)}.\n`);
  }
  let shown = 0;
  for await (const run of history(checkpoint, variants, held !== null, warningOn(output))) {
    if (shown === RECENT && !verbose) {
      if (!json) print('\nThere are earlier runs; --verbose shows all.');
      break;
    }
    if (json) print(showJson(run));
    else print([...(shown === 0 ? [] : ['']), ...pastRunLines(run, nextOf(run, shown === 0, { config, options: flags }), color)].join('\n'));
    shown += 1;
  }
  if (shown === 0 && !json) print(`No runs are remembered in ${showKey(variants)}.`);
}

/** Only the last run can be gone on with. */
function nextOf(run: PastRun, isLast: boolean, here: Here): readonly Next[] {
  const { state, failures, filter, left } = run;
  const manifest = 'manifest' in filter ? ', with the file of the manifest' : '';
  const isOpen = state === 'complete' ? left.length > 0 : state !== 'running';
  const next: Next[] = [];
  if (isLast && isOpen) next.push({ why: `go on${allowingMore(run)}${manifest}`, command: jobCommand(run, here) });
  if (Object.keys(failures).length > 0) {
    next.push({ why: 'see what failed', command: failuresCommand(run, here) });
    if (isLast && state === 'complete' && !isOpen) next.push({ why: `try it again when it is mended${manifest}`, command: retryCommand(run, here) });
  }
  return next;
}

/** What is to be allowed more of, before a run that was stopped comes further. */
function allowingMore({ state, stoppedBy, terms: { 'max-cost': cap } }: PastRun): string {
  if (state !== 'stopped') return '';
  if (stoppedBy === 'cost') return ` (with a higher --max-cost${cap === undefined ? '' : ` than ${cap}`}, or without)`;
  return stoppedBy === 'failures' ? ' (--max-failures allows more)' : ' (--max-failures or --max-cost allows more)';
}
