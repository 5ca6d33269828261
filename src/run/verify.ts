import type { Engine } from '../engine/engine.js';
import type { RunEvent, Summary } from '../model/events.js';
import type { Finding, FindingSum, Verified } from '../model/finding.js';
import type { Filter } from '../source/filter.js';
import { begin, type SessionParts } from './begin.js';
import { examine, lookClosely, remedyOf, type Examined } from './examine.js';
import { takeInventory } from './inventory.js';
import type { Found } from './jobs.js';
import { perform, type RunControl, type RunParts } from './perform.js';
import { beginSession } from './session.js';

export interface VerifyParts extends RunParts, SessionParts {
  /** Looks at variants that are there; see `checkVariants`. */
  readonly checker: Engine;
}

export interface VerifyControl extends Omit<RunControl, 'onEvent' | 'dryRun' | 'sample' | 'limit'> {
  readonly filter: Filter;
  /** Whether variants are read and decoded: all, or those of so many originals; null: none are. */
  readonly deep: number | 'all' | null;
  /** Whether what can be made again is. */
  readonly fix: boolean;
  /** Whether objects that belong to no original count as wrong as well. */
  readonly strict: boolean;
  readonly onEvent: (event: RunEvent | Finding | Verified) => void;
}

/** Originals that are looked at closely together: so many wait at the most while others are listed. */
const TOGETHER = 1000;

/**
 * Compares what is there with what should be: by listings, and, if that is asked for, by content. With `fix` it hands what can
 * be made again to a run, and nothing else.
 *
 * @returns the sums of the findings, which were also told as the last event but the run's, and the run's summary
 * @throws UserError as `reprocess`
 */
export async function verify(parts: VerifyParts, control: VerifyControl): Promise<{ readonly verified: Verified; readonly summary: Summary | null }> {
  const { onEvent, signal, strict, fix } = control;
  const startedAt = performance.now();
  const sums = new Sums();
  let verified: Verified | undefined;
  const told = async function* (): AsyncGenerator<Examined> {
    for await (const one of examinations(parts, control, (closely) => (sums.read += closely))) {
      if (signal.aborted) return;
      sums.add(one);
      for (const finding of one.findings) onEvent(finding);
      yield one;
    }
    verified = sums.verified(strict, (performance.now() - startedAt) / 1000);
    onEvent(verified);
  };
  const summary = fix ? await mend(parts, told(), control) : await drain(told());
  return { verified: verified ?? { ...sums.verified(strict, (performance.now() - startedAt) / 1000), isRight: false }, summary };
}

/** What there is to tell of each original and each object, in batches, so that looking closely has enough to do. */
async function* examinations(parts: VerifyParts, { filter, deep, fix, onEvent }: VerifyControl, onRead: (originals: number) => void): AsyncGenerator<Examined> {
  const { variants, originals, writing, specs, layout, checker } = parts;
  await originals.check('read');
  await variants.check('read');
  const { past, eras, warnings } = await beginSession({ ...parts, identity: null, all: false, dryRun: true });
  // A run that mends tells them itself.
  if (!fix) for (const warning of warnings) onEvent(warning);
  const inventory = takeInventory({ originals, variants, layout, specs: writing.all, eras, past, filter });
  if (deep === null) {
    for await (const accounted of inventory) yield examine(accounted, specs);
    return;
  }
  const sample = deep === 'all' ? null : new Reservoir<Examined>(deep);
  const batch: Examined[] = [];
  const closely = async function* (examined: readonly Examined[]): AsyncGenerator<Examined> {
    onRead(examined.filter(({ present }) => present.length > 0).length);
    yield* lookClosely(examined, checker);
  };
  for await (const accounted of inventory) {
    const one = examine(accounted, specs);
    if (sample === null) batch.push(one);
    else if (one.present.length === 0) yield one;
    else yield* sample.offer(one);
    if (batch.length === TOGETHER) yield* closely(batch.splice(0));
  }
  yield* closely(sample === null ? batch : sample.kept);
}

/** Keeps so many of a stream, each as likely as any other (Vitter's algorithm R). */
class Reservoir<T> {
  readonly kept: T[] = [];
  #seen = 0;

  constructor(readonly size: number) {}

  /** @returns what is not kept */
  offer(one: T): readonly T[] {
    this.#seen += 1;
    if (this.kept.length < this.size) {
      this.kept.push(one);
      return [];
    }
    const place = Math.floor(Math.random() * this.#seen);
    if (place >= this.size) return [one];
    return this.kept.splice(place, 1, one);
  }
}

async function drain(examined: AsyncIterable<Examined>): Promise<null> {
  const each = examined[Symbol.asyncIterator]();
  while ((await each.next()).done !== true);
  return null;
}

/** What can be made again, by the same way as any other work. */
async function mend(parts: VerifyParts, examined: AsyncIterable<Examined>, control: VerifyControl): Promise<Summary> {
  const run: RunControl = { ...control, dryRun: false, sample: null, limit: null };
  const session = await begin(parts, { command: 'verify', mode: 'due', filter: null }, run);
  const plan = async function* (): AsyncGenerator<Found> {
    for await (const one of examined) {
      const found = remedyOf(one);
      if (found !== undefined) yield { part: null, found };
    }
  };
  try {
    return await perform(plan(), { ...parts, looksUp: false }, session, run);
  } finally {
    await session.end();
  }
}

class Sums {
  originals = 0;
  /** Looked at closely. */
  read = 0;
  unproven = 0;
  readonly #right = { count: 0, bytes: 0 };
  readonly #found = new Map<string, { kind: Finding['kind']; code: Finding['code']; count: number; bytes: number }>();

  add({ original, findings, right, unproven }: Examined): void {
    this.unproven += unproven;
    if (original !== null) this.originals += 1;
    this.#right.count += right.count;
    this.#right.bytes += right.bytes;
    for (const { kind, code, bytes } of findings) {
      const sum = this.#found.get(kind + code) ?? { kind, code, count: 0, bytes: 0 };
      sum.count += 1;
      sum.bytes += bytes;
      this.#found.set(kind + code, sum);
    }
  }

  verified(strict: boolean, seconds: number): Verified {
    const findings: FindingSum[] = [...this.#found.values()].sort((a, b) => b.count - a.count);
    const harmless = (kind: Finding['kind']): boolean => !strict && (kind === 'orphaned' || kind === 'foreign');
    return {
      type: 'verified',
      originals: this.originals,
      right: { ...this.#right },
      read: this.read,
      unproven: this.unproven,
      findings,
      isRight: findings.every(({ kind }) => harmless(kind)),
      seconds: Math.round(seconds * 1000) / 1000,
    };
  }
}
