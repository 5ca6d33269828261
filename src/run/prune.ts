import type { RunEvent } from '../model/events.js';
import { Failure } from '../model/failure.js';
import { isRefused } from '../model/original.js';
import type { Prunable, Pruned, Removal, RemovalCode } from '../model/removal.js';
import { UserError } from '../model/user-error.js';
import { EVERYTHING } from '../source/filter.js';
import { statIfHeld } from '../store/stat-if-held.js';
import { PAGE_LENGTH, type Store } from '../store/store.js';
import type { SessionParts } from './begin.js';
import { takeInventory, type Accounted, type Unowned } from './inventory.js';
import { isTooMuch, maxDeleteText, type MaxDelete } from './max-delete.js';
import type { RunParts } from './perform.js';
import { beginSession, type Session } from './session.js';

export type PruneParts = RunParts & SessionParts;

export interface PruneControl {
  readonly maxDelete: MaxDelete;
  /** Tell what would go, and remove nothing. */
  readonly dryRun: boolean;
  /** Asked before anything is removed. */
  readonly agree: (prunable: Prunable) => Promise<boolean>;
  readonly onEvent: (event: Removal | Prunable | Pruned | Extract<RunEvent, { type: 'warning' }>) => void;
  readonly signal: AbortSignal;
}

/** How many keys are shown before anybody agrees. */
const SHOWN = 10;

/** Milliseconds after which an answer may be about what is no longer so. */
const LONG_QUESTION = 2_000;

/**
 * Removes variants whose original or spec is gone: by listings, and in batches, each of which is written down before it is
 * removed. What is no variant stays. Killed at any time, it goes on where it was, as what is gone is no longer listed.
 *
 * @returns the sums, which were also the last event
 * @throws UserError `specs-unchosen`, `originals-empty`, `too-many-removals`, `removal-unconfirmed`, before anything is removed
 */
export async function prune(parts: PruneParts, control: PruneControl): Promise<Pruned> {
  const { writing, originals } = parts;
  if (!writing.deliberate || writing.all.length === 0) {
    throw new UserError('specs-unchosen', 'Which specs are to stay? Nobody has chosen any here; name the config with --config, or a preset.');
  }
  await originals.check('read');
  // It writes no variant, and so begins no era.
  const session = await beginSession({ ...parts, writing: { ...writing, chosen: [] }, identity: null, all: false, dryRun: control.dryRun });
  try {
    for (const warning of session.warnings) control.onEvent(warning);
    return await withRoot(parts, session, control);
  } finally {
    await session.end();
  }
}

async function withRoot(parts: PruneParts, session: Session, control: PruneControl): Promise<Pruned> {
  const { dryRun, agree, onEvent, signal } = control;
  const prunable = await foresee(parts, session, control);
  // What was seen of it until somebody stopped it says nothing of all.
  if (!signal.aborted) onEvent(prunable);
  const nothing: Pruned = { type: 'pruned', removed: 0, bytes: 0, kept: 0, failed: 0, journal: null, dryRun, complete: !signal.aborted };
  let pruned = nothing;
  if (!dryRun && prunable.count > 0 && !signal.aborted) {
    const asked = performance.now();
    if (!(await agree(prunable))) throw new UserError('removal-unconfirmed', 'Not begun; nothing was removed.');
    if (performance.now() - asked > LONG_QUESTION) await refuseIfChanged(parts, session, prunable, control);
    pruned = await remove(parts, session, prunable.count, control);
  }
  onEvent(pruned);
  return pruned;
}

/** A folder that is not mounted any more looks like one whose originals are all gone. @throws UserError `removal-changed` */
async function refuseIfChanged(parts: PruneParts, session: Session, agreed: Prunable, control: PruneControl): Promise<void> {
  const now = await foresee(parts, session, control);
  // Stopped meanwhile, it has seen a part, and nothing is removed.
  if (control.signal.aborted) return;
  if (now.count <= agreed.count && now.staying >= agreed.staying) return;
  throw new UserError('removal-changed', `Something has changed since it was asked: ${now.count} of ${now.count + now.staying} variants would go now. Nothing was removed; run the same command again.`);
}

/** What would go, counted. @throws UserError where that is not what anybody can have meant */
async function foresee(parts: PruneParts, session: Session, { maxDelete, dryRun, onEvent, signal }: PruneControl): Promise<Prunable> {
  const { originals, variants } = parts;
  const sums = new Map<RemovalCode, { count: number; bytes: number }>();
  const first: string[] = [];
  let known = 0;
  let staying = 0;
  for await (const accounted of inventoryOf(parts, session)) {
    if (signal.aborted) break;
    if (isRefused(accounted) || !('object' in accounted)) {
      known += 1;
      if (!isRefused(accounted)) staying += accounted.wants.filter(({ found }) => found !== undefined).length;
      continue;
    }
    const { object, code } = accounted;
    if (code === 'foreign') continue;
    const sum = sums.get(code) ?? { count: 0, bytes: 0 };
    sums.set(code, { count: sum.count + 1, bytes: sum.bytes + object.size });
    if (first.length < SHOWN) first.push(object.key);
    if (dryRun) onEvent(removal(accounted, code, 'planned'));
  }
  if (known === 0 && !signal.aborted) {
    throw new UserError('originals-empty', `There are no originals in ${originals.location}, so every variant would go; check the location. To remove all variants, remove ${variants.location} itself.`);
  }
  const removals = [...sums].map(([code, sum]) => ({ code, ...sum }));
  const count = removals.reduce((sum, one) => sum + one.count, 0);
  const exceeds = isTooMuch(maxDelete, count, staying);
  if (exceeds && !dryRun && !signal.aborted) {
    const share = Math.ceil((1000 * count) / (count + staying)) / 10;
    throw new UserError('too-many-removals', `${count} of ${count + staying} variants (${share}%) would go, more than --max-delete ${maxDeleteText(maxDelete)} allows; see which with --dry-run, and allow so many if it is right.`);
  }
  return {
    type: 'prunable',
    variants: variants.location,
    removals,
    count,
    bytes: removals.reduce((sum, { bytes }) => sum + bytes, 0),
    staying,
    exceeds,
    first,
    keepsVersions: count === 0 ? null : await variants.keepsVersions(),
  };
}

function inventoryOf({ originals, variants, layout, writing }: PruneParts, { eras, past }: Session): AsyncGenerator<Accounted> {
  return takeInventory({ originals, variants, layout, specs: writing.all, eras, past, filter: EVERYTHING });
}

/** @param agreed how many may go at the most */
async function remove(parts: PruneParts, session: Session, agreed: number, { onEvent, signal, dryRun }: PruneControl): Promise<Pruned> {
  const sums = { removed: 0, bytes: 0, kept: 0, failed: 0 };
  let batches = 0;
  const batch: Unowned[] = [];
  const empty = async (): Promise<void> => {
    for (const one of await removeBatch(parts, session, batch.splice(0), ++batches)) {
      sums[one.result === 'planned' ? 'kept' : one.result] += 1;
      if (one.result === 'removed') sums.bytes += one.bytes;
      onEvent(one);
    }
  };
  for await (const accounted of inventoryOf(parts, session)) {
    if (signal.aborted || sums.removed + batch.length >= agreed) break;
    if (isRefused(accounted) || !('object' in accounted) || accounted.code === 'foreign') continue;
    batch.push(accounted);
    if (batch.length === PAGE_LENGTH) await empty();
  }
  if (batch.length > 0 && !signal.aborted) await empty();
  return { type: 'pruned', ...sums, journal: sums.removed === 0 ? null : journalOf(session), dryRun, complete: !signal.aborted };
}

async function removeBatch(parts: PruneParts, session: Session, batch: readonly Unowned[], number: number): Promise<readonly Removal[]> {
  const { variants } = parts;
  const { assure, past } = session;
  const going: Unowned[] = [];
  const results: Removal[] = [];
  // As many side by side as the store lets there be: after a change of format there are as many to ask for as there are variants.
  const wanted = await Promise.all(batch.map((unowned) => isWanted(parts, unowned)));
  for (const [at, unowned] of batch.entries()) {
    const known = wanted[at];
    if (known instanceof Failure) {
      results.push({ ...removal(unowned, codeOf(unowned), 'failed'), detail: known.message });
      continue;
    }
    // What was written since this began is of a live upload; its original may come to be listed only now.
    const isKept = known === true || unowned.object.lastModified >= past.startedAt;
    if (isKept) results.push(removal(unowned, codeOf(unowned), 'kept'));
    else going.push(unowned);
  }
  if (going.length === 0) return results;
  await assure();
  const lines = going.map(({ object: { key, size, etag, lastModified }, code }) => JSON.stringify({ key, bytes: size, etag, lastModified, code }));
  await variants.own.write(`${journalOf(session)}${String(number).padStart(6, '0')}.jsonl`, Buffer.from(`${lines.join('\n')}\n`));
  const failures = await variants.delete(going.map(({ object }) => object.key));
  const ended = going.map((unowned) => {
    const failure = failures.get(unowned.object.key);
    return failure === undefined ? removal(unowned, codeOf(unowned), 'removed') : { ...removal(unowned, codeOf(unowned), 'failed'), detail: failure.message };
  });
  return [...results, ...ended];
}

/**
 * Whether an original of it is there; or, where it is of an earlier format, an original whose variant in the present one has
 * not been made yet, so that this is all that it has.
 *
 * @returns where that cannot be found out, the trouble: then the variant stays
 */
async function isWanted({ originals, variants }: Pick<PruneParts, 'originals' | 'variants'>, unowned: Unowned): Promise<boolean | Failure> {
  const exists = async (store: Store, key: string): Promise<boolean> => (await statIfHeld(store, key)) !== undefined;
  try {
    const isOwned = await Promise.all(unowned.originals.map((key) => exists(originals, key)));
    const isLast = await Promise.all(unowned.successors.map(async ({ original, key }) => !(await exists(variants, key)) && (await exists(originals, original))));
    return [...isOwned, ...isLast].includes(true);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** A folder among imgvar's own files. */
function journalOf({ runId }: Session): string {
  return `removed/${runId}/`;
}

function codeOf({ code }: Unowned): RemovalCode {
  if (code === 'foreign') throw new Error('what is no variant stays');
  return code;
}

function removal({ object }: Unowned, code: RemovalCode, result: Removal['result']): Removal {
  return { type: 'removal', result, key: object.key, code, bytes: object.size, detail: '' };
}
