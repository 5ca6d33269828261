import type { Recording } from '../checkpoint/recording.js';
import { RETRY, type Identity, type Range } from '../checkpoint/run-record.js';
import type { Summary } from '../model/events.js';
import type { Mode } from '../model/job.js';
import { joinListings } from '../plan/join.js';
import type { Past } from '../plan/past.js';
import { keyFilter, originalFilter, type Filter } from '../source/filter.js';
import type { Manifest } from '../source/manifest.js';
import type { ManifestRow } from '../source/manifest-row.js';
import type { Shard } from '../source/shard.js';
import { sharded, WHOLE } from '../source/shards.js';
import { listedAs } from '../store/listed-as.js';
import { begin, identityOf, type SessionParts } from './begin.js';
import { countingAhead } from './count-ahead.js';
import { foresee } from './foresee.js';
import type { Found } from './jobs.js';
import { perform, type RunControl, type RunParts } from './perform.js';
import { failedRun, planFailed } from './plan-failed.js';
import { planManifest } from './plan-manifest.js';

/** Where a reprocess takes its originals from. */
export interface Source {
  /** What names them; null: they are listed. */
  readonly manifest: Manifest | null;
  /** Of these, only those that failed in the last run of the same job. */
  readonly retryFailed?: boolean;
}

/** Finds out which variants are due by the mode, from two listings, the rows of a manifest, or what failed before, and makes them. */
export async function reprocess(parts: RunParts & SessionParts & Source, mode: Mode, filter: Filter, control: RunControl): Promise<Summary> {
  const { manifest } = parts;
  // Most manifests that cannot be read tell so by their first row: then nothing has been done yet.
  if (manifest !== null) await firstRow(manifest);
  const which = { ...named(filter), ...(manifest === null ? {} : { manifest: await manifest.hash() }) };
  const job = { command: parts.command ?? 'reprocess', mode, filter: which } as const;
  const failed = parts.retryFailed === true ? await failedRun(parts, identityOf(parts, job), control.dryRun) : null;
  const session = await begin(parts, failed === null ? job : { ...job, filter: { ...which, [RETRY]: failed.id } }, control);
  const { past, recording } = session;
  try {
    const ranges = recording?.record.ranges ?? [WHOLE];
    const plan =
      failed !== null ? planFailed(parts, failed, mode, past, keyFilter(filter), recording)
      : manifest !== null ? planManifest(parts, manifest, mode, past, filter, recording)
      : planListed(parts, mode, filter, past, ranges, recording);
    const looksUp = failed !== null || manifest !== null;
    const all = { ...parts, looksUp, others: [...(parts.others ?? []), ...(manifest === null ? [] : [manifest])] };
    if (control.dryRun) return await foresee(plan, all, session, control);
    const work = (onEvent = control.onEvent): Promise<Summary> => perform(plan, all, session, { ...control, onEvent });
    if (control.counted !== undefined) control.onEvent({ type: 'counted', jobs: control.counted });
    if (looksUp || control.counted !== undefined || !(await listsForNothing(parts))) return await work();
    const again = planListed(parts, mode, filter, past, ranges.map((range) => ({ ...range })), null);
    return await countingAhead(again, parts.specs, { ...control, minimumBytes: 0, trade: parts.pricing.trade }, work);
  } finally {
    await session.end();
  }
}

/** With it the loop is left, which closes the file. */
async function firstRow(manifest: Manifest): Promise<ManifestRow | undefined> {
  for await (const row of manifest.rows()) return row;
  return undefined;
}

/** As the command line names it, what was given of it. */
function named({ prefix, include, exclude, since, minSize, maxSize }: Filter): Identity['filter'] {
  const limits = Object.entries({ since, 'min-size': minSize, 'max-size': maxSize });
  return {
    prefix,
    include: [...include],
    exclude: [...exclude],
    ...Object.fromEntries(limits.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))),
  };
}

/** Whether the plan can be gone through once more, to count it, at no cost. */
async function listsForNothing({ originals, variants }: RunParts): Promise<boolean> {
  return (await originals.region()) === null && (await variants.region()) === null;
}

/** What is still to be listed, in shards side by side; each keeps its place in the record, if there is one. */
function planListed(parts: RunParts, mode: Mode, filter: Filter, past: Past, ranges: readonly Range[], recording: Recording | null): AsyncIterable<Found> {
  const { originals, lanes } = parts;
  const rangeOf = new Map<Shard, Range>();
  const sharding = {
    store: originals,
    prefix: filter.prefix,
    lanes,
    ranges,
    onSplit: (shard: Shard, upper: Shard): void => {
      const range = rangeOf.get(shard);
      if (range !== undefined && recording !== null) rangeOf.set(upper, recording.split(range, upper.after));
    },
  };
  return sharded(sharding, async function* (shard): AsyncGenerator<Found> {
    // A shard that was not split off is one of those that were given. Two may begin behind one key, where one of them has come to its end.
    const range = rangeOf.get(shard) ?? recording?.record.ranges.find(({ after, upTo }) => after === shard.after && upTo === shard.upTo);
    if (range !== undefined) rangeOf.set(shard, range);
    const part = range === undefined ? null : (recording?.settledIn(range) ?? null);
    for await (const found of planShard(parts, mode, filter, past, shard, recording !== null)) yield { part, found };
  });
}

function planShard({ originals, variants, layout, specs }: RunParts, mode: Mode, filter: Filter, past: Past, shard: Shard, sweep: boolean) {
  return joinListings({
    originals: shard.originals,
    after: shard.after,
    listVariants: (prefix, after) => variants.list(prefix, { after, sweep }),
    lookUp: (key) => listedAs(variants, key),
    existsBeyond: async (key) => shard.upTo !== null && (await listedAs(originals, key)) !== undefined,
    prefix: filter.prefix,
    layout,
    specs,
    mode,
    past,
    accepts: originalFilter(filter),
  });
}
