import type { OwnFiles } from '../store/own-files.js';
import { withPoint } from './course.js';
import { writeFailures, type FailureRecord } from './failures.js';
import { saveRecord, type Range, type RunRecord, type Spent } from './run-record.js';
import { GrowingSums, type Sums } from './sums.js';
import { Settled, type Commit } from './settled.js';

/** How often a run is saved, in milliseconds: what a kill costs is to list again what was settled since. */
const SAVE_EVERY = 3_000;

/** A run's record while it goes on. It is saved whole, so that whatever is read later belongs together. */
export class Recording {
  #record: RunRecord;
  /** Those of the record, which grow in place. */
  readonly #sums: GrowingSums;
  #unsaved: FailureRecord[] = [];
  readonly #parts: Settled[] = [];
  #savedAt = performance.now();
  #saving: Promise<void> | undefined;
  #isKept = false;
  #isOver = false;
  readonly #assure: () => Promise<void>;
  /** What was spent until now, to go with the record. */
  spent: () => Spent;

  /** @param assure throws if it is no longer ours to write, and is asked before each write. Default: nothing */
  constructor(
    readonly own: OwnFiles,
    record: RunRecord,
    assure: () => Promise<void> = async () => undefined,
  ) {
    this.#assure = assure;
    this.#sums = new GrowingSums(record.sums);
    this.#record = { ...record, sums: this.#sums };
    const { traffic, invoked, seconds, cpuSeconds, bytesRead, bytesWritten } = record;
    this.spent = () => ({ traffic, invoked, seconds, cpuSeconds, bytesRead, bytesWritten });
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** Keeps the place in a range of the record, for as long as it is being listed. */
  settledIn(range: Range): Settled {
    return this.#keep((after, sums, failures) => {
      if (after === null) this.#record = { ...this.#record, ranges: this.#record.ranges.filter((other) => other !== range) };
      else if (after !== undefined) range.after = after;
      this.#add(sums, failures);
    });
  }

  /** The upper part of a range, behind `key`, is listed by itself from now on. */
  split(range: Range, key: string): Range {
    const upper = { after: key, upTo: range.upTo };
    range.upTo = key;
    this.#record = { ...this.#record, ranges: [...this.#record.ranges, upper] };
    return upper;
  }

  /** Keeps the place among the failures that are tried again. */
  settledAgain(): Settled {
    return this.#keep((position, sums, failures) => {
      if (position !== undefined) this.#record = { ...this.#record, again: Number(position) };
      this.#add(sums, failures);
    });
  }

  /** The run is at its end, though not all was listed (`--limit`): all that was done counts. */
  closeParts(): void {
    for (const part of this.#parts) part.close();
  }

  #keep(commit: Commit): Settled {
    const part = new Settled(commit);
    this.#parts.push(part);
    return part;
  }

  #add(sums: Sums, failures: readonly FailureRecord[]): void {
    this.#sums.merge(sums);
    // One by one: they may be more than a call takes arguments.
    for (const failure of failures) this.#unsaved.push(failure);
  }

  /** Whether the record stands in the store by now, as it was saved here. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** Whether anything failed until now, settled or not. */
  get hasFailures(): boolean {
    return this.#unsaved.length + this.#record.failures.first > 0;
  }

  /** From now on, what failed is tried again. Failures that are added belong to the second try. */
  async beginAgain(): Promise<void> {
    await this.save({});
    if (this.#record.phase === 'listing') await this.save({ phase: 'again' });
  }

  /** Saves if it is time to. */
  async saveNowAndThen(): Promise<void> {
    if (this.#saving === undefined && performance.now() - this.#savedAt > SAVE_EVERY) await this.save({});
  }

  /** Nothing is saved any more: a plan that was cut off may still come to where it would. */
  end(): void {
    this.#isOver = true;
  }

  /** In two steps: failures are in a file of their own before the record counts it. */
  async save(changes: Partial<Pick<RunRecord, 'state' | 'stoppedBy' | 'phase' | 'doubtSince'>>): Promise<void> {
    await this.#saving;
    if (this.#isOver) return;
    this.#saving = this.#save(changes);
    try {
      await this.#saving;
    } finally {
      this.#saving = undefined;
    }
  }

  async #save(changes: Partial<RunRecord>): Promise<void> {
    const failures = this.#unsaved;
    const which = this.#record.phase === 'listing' ? 'first' : 'again';
    // Taken together, before anything is awaited: what is settled meanwhile belongs to the next time.
    const sums = new GrowingSums(this.#sums);
    const spent = this.spent();
    const course = withPoint(this.#record.course, spent.seconds, sums);
    const next = { ...this.#record, ...spent, ...changes, sums, course, ranges: this.#record.ranges.map((range) => ({ ...range })) };
    this.#unsaved = [];
    try {
      if (failures.length > 0) {
        next.failures = { ...next.failures, [which]: next.failures[which] + 1 };
        await this.#assure();
        await writeFailures(this.own, next.id, which, next.failures[which], failures);
      }
      await this.#assure();
      await saveRecord(this.own, next);
    } catch (error) {
      // The next time it is saved its sums count them; the same file is written then, with all of them.
      this.#unsaved = [...failures, ...this.#unsaved];
      throw error;
    }
    this.#isKept = true;
    const { failures: counted, state, stoppedBy, phase, doubtSince } = next;
    this.#record = { ...this.#record, ...spent, course, failures: counted, state, stoppedBy, phase, doubtSince };
    this.#savedAt = performance.now();
  }
}
