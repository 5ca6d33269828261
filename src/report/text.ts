import pc from 'picocolors';
import type { Estimated, RunEvent, RunStarted, Summary } from '../model/events.js';
import { billedLines } from './bill.js';
import { estimateLines } from './estimate.js';
import { FailureTotals } from './failure-totals.js';
import { plural, showBytes, showCount, showDuration, showKey, showRate, showUsd } from './format.js';
import { Progress } from './progress.js';
import type { Output, ReportOptions, Reporter } from './reporter.js';
import { workWords } from './work-words.js';
import { failureMessage, invalidationText, reasonText } from './wording.js';

/** How many of the variants that a dry run would make are named. */
const SHOWN = 10;

/** A run in plain sentences: a bar while it goes on, then a summary with the first failures and what to do. */
export function textReporter(output: Output, options: ReportOptions): Reporter {
  const colors = pc.createColors(output.color);
  const progress = new Progress(output, options);
  const failures = new FailureTotals();
  /** Of the first try: what the same command tries again, until the second try has begun. */
  const passing = new FailureTotals();
  let isTriedAgain = false;
  const print = (line = ''): void => void output.stdout.write(`${line}\n`);
  let run: RunStarted | undefined;
  let estimated: Estimated | undefined;
  let due = 0;

  const summary = (event: Summary): void => {
    if (run === undefined) return;
    // Sums and seconds are those of the whole run, also of what it did before it was interrupted. How many originals it has
    // worked on is known when it is complete, or if it was never interrupted before.
    const done = event.complete && event.resumed ? event.originals - event.upToDate : event.resumed ? null : progress.done;
    for (const line of summaryLines(event, run, done)) print(line);
    for (const line of estimated === undefined ? [] : estimateLines(estimated)) print(line);
    if (run.dryRun) print(`Dry run: nothing was written.${event.usd === null || event.usd === 0 ? '' : ` To find this out has cost ${showUsd(event.usd)}.`}`);
    if (event.due > 0) for (const line of billedLines(event)) print(line);
    const untried = event.complete || isTriedAgain ? [] : passing.lines(colors, 'at first, which the same command tries again');
    const failed = [...failures.lines(colors), ...untried];
    if (failed.length > 0) print();
    for (const line of failed) print(line);
    if (event.stoppedBy === 'failures') print('Stopped, as too many originals failed. The same command goes on; --max-failures allows more.');
    else if (event.stoppedBy === 'cost') print(`Stopped before more than --max-cost was spent. The same command with a higher one goes on, or without.`);
    else if (!event.complete) print('Interrupted. Run the same command again to go on.');
  };

  return {
    event(event: RunEvent) {
      progress.event(event);
      switch (event.type) {
        case 'run':
          run = event;
          if (event.resumed) progress.note(`Going on with run ${showKey(event.id)}; --fresh would start over.`);
          break;
        case 'warning':
          progress.note(colors.yellow(`Warning: ${showKey(event.message)}`));
          break;
        case 'due':
          due += 1;
          if (due <= SHOWN || options.verbose) print(`${reasonText(event.reason)}: ${showKey(event.key)}`);
          break;
        case 'estimate':
          if (due > SHOWN && !options.verbose) print(`… and ${showCount(due - SHOWN)} more (-v names them all)`);
          estimated = event;
          break;
        case 'outcome':
          if (event.result === 'failed') failures.add(event);
          if (options.verbose) progress.note(outcomeLine(event));
          break;
        case 'retry':
          passing.add(event);
          if (options.verbose) progress.note(showKey(`later ${event.original}${event.variant === null ? '' : ` [${event.variant}]`}: ${event.code}, ${failureMessage(event)}`));
          break;
        case 'again':
          isTriedAgain = true;
          break;
        case 'summary':
          summary(event);
          break;
        case 'invalidation':
          if (event.state === 'planned') progress.note(invalidationText(event, run?.dryRun ?? false));
          break;
        case 'planned':
        case 'counted':
        case 'paced':
          break;
      }
    },
    stopping: () => progress.stopping(),
    close: () => progress.close(),
  };
}

function outcomeLine(outcome: Extract<RunEvent, { type: 'outcome' }>): string {
  if (outcome.result === 'made') {
    const { key, width, height, bytes, reason } = outcome;
    const size = width === 0 ? '' : `${width}x${height}, `;
    return `made ${showKey(key)} (${size}${showBytes(bytes)}; ${reasonText(reason)})`;
  }
  const of = outcome.variant === null ? '' : ` [${outcome.variant}]`;
  return showKey(`failed ${outcome.original}${of}: ${outcome.code}, ${failureMessage(outcome)}`);
}

function requestLines({ requests }: Summary): string[] {
  const { retries, ...kinds } = requests;
  const sent = Object.entries(kinds).filter(([, count]) => count > 0);
  if (sent.length === 0) return [];
  const again = retries > 0 ? `; ${showCount(retries)} of them again` : '';
  return [`  requests            ${sent.map(([kind, count]) => `${showCount(count)} ${kind.toUpperCase()}`).join(', ')}${again}`];
}

function summaryLines(summary: Summary, run: RunStarted, done: number | null): string[] {
  const { originals, due, made, upToDate, failed, seconds } = summary;
  const { did, would, noun, upToDate: ready, place } = workWords(run.command);
  const makesVariants = noun === 'variant';
  if (due === 0 && !summary.complete) return [originals === 0 ? 'Nothing was looked at yet.' : `Looked at ${plural(originals, 'original')}; nothing was to be done for any of them.`];
  if (run.command === 'verify' && due === 0) return ['Nothing to mend.'];
  if (originals === 0 && run.retries !== undefined) return [`Nothing to do: nothing failed in run ${showKey(run.retries)}.`];
  if (originals === 0) return [`No originals to work on in ${showKey(run.originals)}: there are none, or none that match.`];
  if (due === 0) return [`Nothing to do: ${plural(originals, 'original')}${makesVariants ? ` x ${plural(run.specs.length, 'spec')}` : ''}, all ${ready}.`];
  if (run.dryRun) {
    const of = makesVariants ? ` of ${plural(originals - upToDate, 'original')}` : '';
    return [`${would} ${plural(due - failed, noun)}${of}; ${plural(upToDate, 'original')} ${ready}.`];
  }
  const rate = done !== null && seconds > 0 && made > 0 ? `, ${showRate(done / seconds)} a second` : '';
  const worked = done === null ? '' : makesVariants ? `; ${plural(done, 'original')} worked on${rate}` : rate;
  return [
    `${did} ${plural(made, noun)} in ${showDuration(seconds)}${worked}.`,
    ...(run.command === 'verify' ? [] : [`  ${`${ready} already`.padEnd(20)}${plural(upToDate, 'original')}`]),
    `  failed              ${plural(failed, noun)}`,
    `  read, written       ${showBytes(summary.bytesRead)}, ${showBytes(summary.bytesWritten)}`,
    ...requestLines(summary),
    `  ${place.padEnd(20)}${showKey(run.variants)}`,
    ...(run.command === 'restore' && made > 0 ? ['Their variants, where no upload makes them, with the same originals and config:', '  imgvar reprocess'] : []),
  ];
}
