import pc from 'picocolors';
import type { Warning } from '../model/events.js';
import type { Prunable, Pruned, Removal, RemovalCode } from '../model/removal.js';
import { plural, showBytes, showCount, showJson, showKey } from './format.js';
import type { Output } from './reporter.js';

export interface PruneReporter {
  event(event: Removal | Prunable | Pruned | Warning): void;
  stopping(): void;
}

interface Options {
  readonly json: boolean;
  /** A line for each. */
  readonly verbose: boolean;
  readonly dryRun: boolean;
}

const WHY: Record<RemovalCode, string> = {
  'original-gone': 'its original is gone',
  'spec-gone': 'its spec is gone',
};

/** What would go is told before anybody is asked, and then what became of it. */
export function pruneReporter({ stdout, stderr, color }: Output, { json, verbose, dryRun }: Options): PruneReporter {
  const colors = pc.createColors(color);
  const print = (line: string): void => void stdout.write(`${line}\n`);
  const text = (event: Removal | Prunable | Pruned | Warning): void => {
    switch (event.type) {
      case 'warning':
        stderr.write(`${colors.yellow(`Warning: ${showKey(event.message)}`)}\n`);
        break;
      case 'removal':
        if (verbose) print(`${WORDS[event.result]} ${showKey(event.key)} (${WHY[event.code]})`);
        else if (event.result === 'failed') print(`not removed: ${showKey(event.key)} (${showKey(event.detail)})`);
        break;
      case 'prunable':
        for (const line of prunableLines(event, verbose && dryRun)) print(line);
        break;
      case 'pruned':
        for (const line of prunedLines(event)) print(line);
        break;
    }
  };
  return {
    event: json ? (event) => print(showJson(event)) : text,
    stopping: () => void stderr.write('Finishing the batch that is under way; Ctrl-C again stops at once.\n'),
  };
}

const WORDS: Record<Removal['result'], string> = { planned: 'would remove', removed: 'removed', kept: 'kept', failed: 'not removed:' };

function prunableLines({ variants, removals, count, bytes, staying, exceeds, first, keepsVersions }: Prunable, named: boolean): string[] {
  if (count === 0) return [`Nothing to remove: every one of ${plural(staying, 'variant')} in ${showKey(variants)} has its original and its spec.`];
  const back = { true: 'The bucket keeps versions: what goes can be brought back by removing its delete marker.', false: 'There are no versions here: what goes is gone.', null: 'Unless the bucket keeps versions, what goes is gone.' }[String(keepsVersions) as 'true' | 'false' | 'null'];
  return [
    ...(named ? [] : first.map((key) => `  ${showKey(key)}`)),
    ...(named || count <= first.length ? [] : [`  … and ${showCount(count - first.length)} more (--dry-run -v names them all)`]),
    `${plural(count, 'variant')} of ${showCount(count + staying)} would go, ${showBytes(bytes)}:`,
    ...removals.map((one) => `  ${WHY[one.code].padEnd(24)}${showCount(one.count).padStart(11)}${showBytes(one.bytes).padStart(12)}`),
    ...(exceeds ? ['That is more than --max-delete allows: without --dry-run it would be refused.'] : []),
    back,
  ];
}

function prunedLines({ removed, bytes, kept, failed, journal, dryRun, complete }: Pruned): string[] {
  if (dryRun) return ['Dry run: nothing was removed.'];
  if (removed + kept + failed === 0) return complete ? [] : ['Interrupted; nothing was removed.'];
  return [
    `Removed ${plural(removed, 'variant')}, ${showBytes(bytes)}${journal === null ? '' : `; .imgvar/${journal} says which`}.`,
    ...(kept === 0 ? [] : [`Kept ${showCount(kept)}, to which something came to belong meanwhile.`]),
    ...(failed === 0 ? [] : [`${showCount(failed)} could not be removed: allow s3:DeleteObject and s3:GetObject on the variants, then run the same command again.`]),
    ...(complete ? [] : ['Interrupted. Run the same command again to go on.']),
  ];
}
