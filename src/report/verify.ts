import pc from 'picocolors';
import type { RunEvent } from '../model/events.js';
import type { Finding, FindingKind, FindingSum, Verified } from '../model/finding.js';
import { plural, showBytes, showCount, showDuration, showJson, showKey } from './format.js';
import { jsonLinesReporter } from './json-lines.js';
import type { Output, ReportOptions } from './reporter.js';
import { textReporter } from './text.js';

export interface VerifyReporter {
  event(event: RunEvent | Finding | Verified): void;
  stopping(): void;
  close(): void;
}

export interface VerifyReportOptions extends ReportOptions {
  readonly json: boolean;
  /** Whether a run follows that makes again what can be. */
  readonly fix: boolean;
  /** What is compared with the originals. */
  readonly of: 'variant' | 'copy';
}

/** How many keys are named of each kind, unless all are asked for. */
const SHOWN = 5;

const KINDS: Record<FindingKind, string> = {
  missing: 'missing',
  stale: 'out of date',
  damaged: 'damaged',
  unmakeable: 'cannot be made',
  orphaned: 'belongs to nothing that exists',
  foreign: 'no variant',
};

/** What was found, in a table by what is wrong, with the first keys of each; with `fix`, then the run. */
export function verifyReporter(output: Output, options: VerifyReportOptions): VerifyReporter {
  const run = (options.json ? jsonLinesReporter : textReporter)(output, options);
  const print = (line = ''): void => void output.stdout.write(`${line}\n`);
  const first = new Map<FindingKind, string[]>();
  return {
    event(event) {
      if (event.type !== 'finding' && event.type !== 'verified') {
        // What is made again was told as a finding already.
        if (event.type !== 'run' || options.json || options.fix) run.event(event);
      } else if (options.json) {
        print(showJson(event));
      } else if (event.type === 'verified') {
        for (const line of verifiedLines(event, first, options, output.color)) print(line);
      } else if (options.verbose) {
        print(findingText(event));
      } else {
        const keys = first.get(event.kind) ?? [];
        if (keys.length < SHOWN) first.set(event.kind, [...keys, findingText(event)]);
      }
    },
    stopping: () => run.stopping(),
    close: () => run.close(),
  };
}

function findingText({ kind, code, original, variant, key, detail }: Finding): string {
  const name = key ?? `${original ?? ''}${variant === null ? '' : ` [${variant}]`}`;
  return `${KINDS[kind]}: ${showKey(name)} (${code}${detail === '' ? '' : `, ${showKey(detail)}`})`;
}

function verifiedLines(verified: Verified, first: ReadonlyMap<FindingKind, readonly string[]>, { fix, verbose, of }: VerifyReportOptions, color: boolean): string[] {
  const colors = pc.createColors(color);
  const { originals, right, read, unproven, findings, isRight, seconds } = verified;
  const things = of === 'copy' ? (right.count === 1 ? '1 copy' : `${showCount(right.count)} copies`) : plural(right.count, of);
  const head = `${things} of ${plural(originals, 'original')} right (${showBytes(right.bytes)}), in ${showDuration(seconds)}.`;
  const closely = read === 0 ? [] : [`${plural(read, 'original')} ${of === 'copy' ? 'compared' : 'with their variants read'}.`];
  const unchecked = unproven === 0 ? [] : [`Of ${plural(unproven, of)} nothing says by which spec and of which content`, '  (folders keep no metadata): that was not checked.'];
  if (findings.length === 0) return [colors.green(`All ${head}`), ...closely, ...unchecked];
  const named = verbose ? [] : [...first].flatMap(([kind, keys]) => [...keys, ...more(kind, keys.length, findings)]);
  return [
    ...named,
    ...(named.length === 0 ? [] : ['']),
    (isRight ? colors.green : colors.red)(head),
    ...findings.map(({ kind, code, count, bytes }) => `  ${KINDS[kind].padEnd(32)}${code.padEnd(20)}${showCount(count).padStart(11)}${(bytes === 0 ? '' : showBytes(bytes)).padStart(12)}`),
    ...closely,
    ...unchecked,
    ...(fix ? [] : nextLines(verified, of)),
  ];
}

function more(kind: FindingKind, shown: number, findings: readonly FindingSum[]): string[] {
  const all = findings.reduce((sum, finding) => (finding.kind === kind ? sum + finding.count : sum), 0);
  return all > shown ? [`… and ${showCount(all - shown)} more (-v names them all)`] : [];
}

/** Another command knows nothing of what this one was told. */
const ALIKE = 'with the same locations and config';

function nextLines({ findings, originals }: Verified, of: VerifyReportOptions['of']): string[] {
  const has = (...kinds: FindingKind[]): boolean => findings.some(({ kind }) => kinds.includes(kind));
  if (of === 'copy') {
    return [
      ...(has('missing', 'stale') ? [`Copy what is missing or has changed, ${ALIKE}:`, '  imgvar backup'] : []),
      ...(has('damaged') ? [`Copy what differs, over the copy, ${ALIKE}:`, '  imgvar backup --replace'] : []),
    ];
  }
  return [
    ...(has('missing', 'stale', 'damaged') ? ['Make again what can be:  the same command with --fix'] : []),
    ...(has('orphaned') && originals > 0 ? [`Remove what belongs to nothing, ${ALIKE}:`, '  imgvar prune'] : []),
  ];
}
