import { freshMoment, storeTime } from '../checkpoint/clock.js';
import { appendEras, foreseeEras, type Opened, type Writing } from '../checkpoint/ledger.js';
import { acquireLock } from '../checkpoint/lock.js';
import { Recording } from '../checkpoint/recording.js';
import { idAfter, newRunId } from '../checkpoint/run-ids.js';
import { differences, lastRecord, newRecord, unlessDamaged, type Identity, type RunRecord, type Terms } from '../checkpoint/run-record.js';
import type { Warning } from '../model/events.js';
import { staleness, type Eras } from '../model/ledger.js';
import { UserError } from '../model/user-error.js';
import type { Past } from '../plan/past.js';
import type { OwnFiles } from '../store/own-files.js';
import type { Store } from '../store/store.js';
import { adoptedMessage } from './adopted.js';

/** What a session needs to know of the run. */
export interface SessionPlan {
  readonly variants: Store;
  /** Where records are kept. */
  readonly checkpoint: OwnFiles;
  readonly writing: Writing;
  /** Null where no record is kept. */
  readonly identity: Identity | null;
  /** What a record says of how it was begun. Default: nothing. */
  readonly terms?: Terms;
  /** Whether the run makes everything that was written before it began. */
  readonly all: boolean;
  /** How long a lease holds that is not renewed. */
  readonly leaseSeconds: number;
  /** Begin anew even if an earlier run can be gone on with. */
  readonly fresh: boolean;
  readonly dryRun: boolean;
  readonly compare?: Past['compare'];
}

/** A run's hold on its root, from before its first write to after its last. */
export interface Session {
  readonly runId: string;
  readonly past: Past;
  /** By which specs what exists was written, this session's own eras among them. */
  readonly eras: Eras;
  /** Null where no record is kept, as in a dry run. */
  readonly recording: Recording | null;
  readonly resumed: boolean;
  readonly warnings: readonly Warning[];
  /** Aborted when another run has taken over. */
  readonly lost: AbortSignal;
  /** Sees to it that the root is still held, before anything is written; mostly at no cost. @throws UserError `locked` */
  readonly assure: () => Promise<void>;
  /** Gives the root back; again does nothing. */
  end(): Promise<void>;
}

/** Takes the root, or only looks at it in a dry run. @throws UserError `locked`, and those of ledger and checkpoint */
export async function beginSession(plan: SessionPlan): Promise<Session> {
  return plan.dryRun ? lookOn(plan) : takeRoot(plan);
}

async function lookOn(plan: SessionPlan): Promise<Session> {
  const { variants, writing, identity } = plan;
  const opened = await foreseeEras(variants.own, writing);
  const warnings: Warning[] = [];
  // A run would refuse to begin; who only asks is told that, and what one that starts over would do.
  const last = await unlessDamaged(lastRun(plan), (message) => {
    warnings.push({ type: 'warning', code: 'checkpoint-damaged', message });
  });
  const unfinished = unfinishedOf(last, plan);
  // What the run would go on with has made, in the mode all as well, is not made again.
  const goesOn = unfinished !== undefined && identity !== null && differences(unfinished.identity, identity).length === 0;
  const now = Date.now();
  return {
    runId: newRunId(),
    eras: opened.eras,
    past: pastOf(opened, plan, { startedAt: goesOn ? unfinished.startedAt : now, doubtSince: doubtOf(last, goesOn) }, now),
    recording: null,
    resumed: false,
    warnings: [...warnings, ...(await adopted(opened, plan))],
    lost: new AbortController().signal,
    assure: async () => undefined,
    end: async () => undefined,
  };
}

async function takeRoot(plan: SessionPlan): Promise<Session> {
  const { variants, checkpoint, writing, identity, terms = {}, all, leaseSeconds } = plan;
  const { own, location } = variants;
  const warnings = [...(await variants.check('write'))];
  const newId = newRunId();
  const canLock = !warnings.some(({ code }) => code === 'conditional-writes-ignored');
  const lock = canLock ? await acquireLock(own, location, newId, leaseSeconds) : null;
  const assure = async (): Promise<void> => lock?.assure();
  try {
    const last = await lastRun(plan);
    const unfinished = unfinishedOf(last, plan);
    const resumed = unfinished !== undefined && identity !== null && goesOn(unfinished, identity, warnings);
    if (last !== undefined && !plan.fresh && wasEndedByLimit(last)) {
      warnings.push({ type: 'warning', code: 'started-anew', message: `The unfinished run ${last.id} had been ended by --limit, and was stopped at its second try, so this one starts from the beginning.` });
    }
    // Should it have stood still since it took the lease, another one may have begun.
    await assure();
    const opened = await appendEras(own, writing);
    warnings.push(...(await adopted(opened, plan)));
    const now = await (all && !resumed ? freshMoment(own) : storeTime(own));
    const begun = resumed ? unfinished : identity === null ? null : newRecord(idAfter(last?.id, newId), identity, now);
    const record = begun === null ? null : { ...begun, doubtSince: doubtOf(last, resumed) };
    return {
      runId: record?.id ?? newId,
      eras: opened.eras,
      past: pastOf(opened, plan, record ?? { startedAt: now, doubtSince: null }, now),
      recording: record === null ? null : new Recording(checkpoint, { ...record, state: 'running', stoppedBy: null, terms }, assure),
      resumed,
      warnings,
      lost: lock?.lost ?? new AbortController().signal,
      assure,
      end: async () => lock?.release(),
    };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

/** The last run of the root, where records are kept. One that starts over does without a record that cannot be read. */
async function lastRun({ checkpoint, variants, identity, fresh }: SessionPlan): Promise<RunRecord | undefined> {
  if (identity === null) return undefined;
  const reading = lastRecord(checkpoint, variants.location);
  return fresh ? unlessDamaged(reading, () => undefined) : reading;
}

/** The last run, if there is more to do of it, and its place is known. */
function unfinishedOf(last: RunRecord | undefined, { fresh }: SessionPlan): RunRecord | undefined {
  return fresh || last === undefined || last.state === 'complete' || wasEndedByLimit(last) ? undefined : last;
}

/** Stopped while it tried again what had failed, before a part of the listing that it was not to come to. */
function wasEndedByLimit({ state, phase, ranges }: RunRecord): boolean {
  return state !== 'complete' && phase === 'again' && ranges.length > 0;
}

/**
 * One that could end by itself has finished what it had begun, but for failures, which whoever goes on with it tries again; of
 * one that was killed nobody saw to what was replaced meanwhile.
 */
function doubtOf(last: RunRecord | undefined, isGoneOnWith: boolean): number | null {
  if (last === undefined || last.state === 'complete') return null;
  const wasCutOff = last.state === 'running' || (!isGoneOnWith && last.failures.first > 0);
  return last.doubtSince ?? (wasCutOff ? last.startedAt : null);
}

/** Whether this run is the unfinished one. @throws UserError `checkpoint-mismatch` */
function goesOn(unfinished: RunRecord, identity: Identity, warnings: Warning[]): boolean {
  const different = differences(unfinished.identity, identity);
  if (different.length === 0) return true;
  const what = `The unfinished run ${unfinished.id} differs in ${different.join(', ')}`;
  if (unfinished.identity.mode === 'all') {
    throw new UserError('checkpoint-mismatch', `${what}; run it as it was, or give it up with --fresh.`);
  }
  warnings.push({ type: 'warning', code: 'started-anew', message: `${what}, so this one starts from the beginning.` });
  return false;
}

/** @param now by the clock of the variants' store */
function pastOf({ eras }: Opened, { writing, variants, compare }: SessionPlan, { startedAt, doubtSince }: Pick<RunRecord, 'startedAt' | 'doubtSince'>, now: number): Past {
  const sinceThen = performance.now();
  const stale = new Map(writing.chosen.map((spec) => [spec, staleness(eras, spec)]));
  // Folders have times as exact as anyone needs.
  const precision = variants.own.clockStep >= 1000 ? variants.own.clockStep : 1;
  return {
    startedAt,
    now: () => now + performance.now() - sinceThen,
    isInDoubt: (modifiedAt) => doubtSince !== null && modifiedAt >= doubtSince,
    precision,
    isStale: (spec, writtenAt) => stale.get(spec)?.(writtenAt) ?? false,
    ...(compare === undefined ? {} : { compare }),
  };
}

async function adopted(opened: Opened, plan: SessionPlan): Promise<Warning[]> {
  // A copy is of the original whatever made it.
  const message = plan.compare === undefined ? await adoptedMessage(opened, plan) : null;
  return message === null ? [] : [{ type: 'warning', code: 'adopted', message }];
}
