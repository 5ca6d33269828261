import type { Billing } from '../cost/store-lines.js';
import type { Estimated, RunEvent, Summary } from '../model/events.js';
import type { Mode } from '../model/job.js';
import type { Finding, Verified } from '../model/finding.js';
import type { Pruned } from '../model/removal.js';
import { UserError } from '../model/user-error.js';
import { DEFAULT_MAX_DELETE, type MaxDelete } from '../run/max-delete.js';
import { DEFAULT_MAX_FAILURES, type MaxFailures } from '../run/max-failures.js';
import type { RunControl } from '../run/perform.js';
import { atWork, billingOf, isPriced, type Pricing } from '../run/pricing.js';
import { prune as runPrune, type PruneControl } from '../run/prune.js';
import { regenerate as runRegenerate } from '../run/regenerate.js';
import { reprocess as runReprocess } from '../run/reprocess.js';
import { verify as runVerify } from '../run/verify.js';
import { keyFilter, type Filter } from '../source/filter.js';
import { withInvalidation, type InvalidateOptions } from './invalidate.js';
import { openNamedManifest } from './manifest.js';
import { originalKeys } from './original-keys.js';
import { termsOf } from './terms.js';
import { wire, type RunSettings, type Wired } from './wire.js';

/** What every operation takes. Everything has a default, so that `{}` runs the config of the working folder. */
export interface RunOptions extends RunSettings, InvalidateOptions {
  /** Told of everything while it happens. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Abort to begin nothing new; what is in flight is finished, and the summary says `complete: false`. */
  readonly signal?: AbortSignal | undefined;
}

export interface ReprocessOptions extends RunOptions {
  /** Which variants: `due` (missing, the original is newer, or the spec has changed), `missing`, or `all`. Default `due`. */
  readonly mode?: Mode | undefined;
  /** What the originals' keys begin with. Default: anything. */
  readonly prefix?: string | undefined;
  /** Globs, of which a key must match one. Default: none needed. */
  readonly include?: readonly string[] | undefined;
  /** Globs, of which a key may match none. */
  readonly exclude?: readonly string[] | undefined;
  /** Originals last modified then or later. Default: any time. */
  readonly since?: Date | undefined;
  /** The least and the most bytes of an original. Default: no limits. */
  readonly minSize?: number | undefined;
  readonly maxSize?: number | undefined;
  /**
   * A file or `s3://bucket/key` that names the originals, which are then not listed: a list of keys, CSV, or the
   * manifest.json of an S3 Inventory; relative to `cwd`. Default: the originals are listed.
   */
  readonly manifest?: string | undefined;
  /** Only what failed in the last run of this job, which must have come to its end. Default false. */
  readonly retryFailed?: boolean | undefined;
  /** Stop after so many originals with something due. Default: no limit. */
  readonly limit?: number | undefined;
  /** Stop, to be gone on with, before more than so many USD are spent. Default: no limit. */
  readonly maxCost?: number | undefined;
  /**
   * Asked before a run begins that is expected to cost more than the config's `confirmAbove`; for that everything is
   * listed once more. False ends it before anything is written. One in functions of which nobody can tell the cost does not
   * begin. Default: nobody is asked.
   */
  readonly agree?: ((estimate: Estimated) => Promise<boolean>) | undefined;
  /** Stop when more originals than this have failed. Default: a fifth of those that are done, after the first 100. */
  readonly maxFailures?: MaxFailures | undefined;
}

/**
 * Makes every due variant, while the originals are being listed, or read from a manifest.
 * @returns the sums of the run; failures of single originals are counted there and told as events, not thrown
 * @throws UserError for a wrong config, location or option, before anything is written
 */
export async function reprocess(options: ReprocessOptions = {}): Promise<Summary> {
  const { mode = 'due', limit = null, retryFailed = false } = options;
  const filter = filterOf(options);
  const parts = await wire(options);
  const manifest = options.manifest === undefined ? null : openNamedManifest(options.manifest, parts, options.cwd);
  const run = (how: RunControl): Promise<Summary> => runReprocess({ ...parts, manifest, retryFailed, terms: termsOf(options) }, mode, filter, how);
  const { agree, dryRun = false } = options;
  const how = control(options, limit, options);
  const known = agree === undefined || dryRun ? {} : await agreed(agree, parts, (dry) => run({ ...how, ...dry }));
  return withInvalidation(options, parts, (onEvent) => run({ ...how, ...known, onEvent }));
}

/**
 * Makes all variants of these originals, whatever exists.
 * @param keys relative to the originals; a path of a file inside them is taken as well
 * @throws UserError as `reprocess` does
 */
export async function regenerate(keys: readonly string[], options: RunOptions = {}): Promise<Summary> {
  const parts = await wire(options);
  const given = await originalKeys(keys, parts.originals, options.cwd);
  return withInvalidation(options, parts, (onEvent) => runRegenerate(parts, given, { ...control(options, null, {}), onEvent }));
}

export interface VerifyOptions extends RunSettings, Pick<ReprocessOptions, 'prefix' | 'include' | 'exclude' | 'since' | 'minSize' | 'maxSize' | 'maxCost' | 'maxFailures' | 'signal'> {
  /** Whether variants are read and decoded: all, or those of so many originals, drawn at random. Default null: none. */
  readonly deep?: number | 'all' | null | undefined;
  /** Make again what is missing, stale or damaged. Default false. */
  readonly fix?: boolean | undefined;
  /** What belongs to no original and spec counts as wrong as well. Default false. */
  readonly strict?: boolean | undefined;
  /** Told of everything while it happens. */
  readonly onEvent?: ((event: RunEvent | Finding | Verified) => void) | undefined;
}

/**
 * Compares the variants that are there with those that should be, by listings and, with `deep`, by content.
 * @returns the sums of what was found, and with `fix` of the run that mended it
 * @throws UserError as `reprocess`
 */
export async function verify(options: VerifyOptions = {}): Promise<{ readonly verified: Verified; readonly summary: Summary | null }> {
  const { deep = null, fix = false, strict = false, onEvent = () => undefined } = options;
  // To look takes no function; what is made again is made where that was said.
  const parts = await wire({ ...options, engine: fix ? options.engine : 'local', dryRun: !fix });
  return runVerify(parts, { ...control({ signal: options.signal }, null, options), filter: filterOf(options), deep, fix, strict, onEvent });
}

export interface PruneOptions extends Omit<RunSettings, 'only' | 'concurrency' | 'adopt' | 'fresh' | 'engine' | 'functionName' | 'sample'> {
  /** How many may go at the most. Default: a tenth of all variants. */
  readonly maxDelete?: MaxDelete | undefined;
  /** Tell what would go, and remove nothing. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Asked before anything is removed. */
  readonly agree: PruneControl['agree'];
  /** Told of everything while it happens. */
  readonly onEvent?: PruneControl['onEvent'] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes variants whose original or spec is gone.
 * @throws UserError where that cannot have been meant, before anything is removed
 */
export async function prune(options: PruneOptions): Promise<Pruned> {
  const { maxDelete = DEFAULT_MAX_DELETE, dryRun = false, agree, onEvent = () => undefined, signal = new AbortController().signal } = options;
  // It makes no variant.
  return runPrune(await wire({ ...options, engine: 'local', dryRun: true }, null), { maxDelete, dryRun, agree, onEvent, signal });
}

/**
 * Asks before a run that is expected to be dear.
 *
 * @param foresee plans the run, and tells what is due and what it would cost
 * @returns how much there is to do, where that was found out
 * @throws UserError `cost-unconfirmed`
 */
export async function agreed(
  agree: NonNullable<ReprocessOptions['agree']>,
  parts: Pick<Wired, 'originals' | 'variants' | 'engine' | 'pricing' | 'confirmAbove'>,
  foresee: (dry: Pick<RunControl, 'dryRun' | 'listsUnpriced' | 'onEvent'> & Partial<Pick<RunControl, 'limit'>>) => Promise<Summary>,
): Promise<Pick<RunControl, 'counted'>> {
  const billing = atWork(await billingOf(parts), parts.pricing);
  if (!isAskedAbout(billing, parts.pricing)) return {};
  // Where there will be no estimate, the first thing due is all there is to know.
  const limit = isPriced(billing, parts.engine.mostInvoked) ? {} : { limit: 1 };
  let expected: Estimated | undefined;
  let anyDue = false;
  const onEvent = (event: RunEvent): void => {
    if (event.type === 'estimate') expected = event;
    if (event.type === 'due') anyDue = true;
    // The run would refuse to begin, so that there is nothing to ask.
    if (event.type === 'warning' && event.code === 'checkpoint-damaged') throw new UserError('checkpoint-damaged', event.message);
  };
  try {
    await foresee({ dryRun: true, listsUnpriced: true, ...limit, onEvent });
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'price-missing') throw error;
    if (!anyDue) return { counted: 0 };
    // What nobody can tell the cost of, somebody must have said yes to.
    throw new UserError('cost-unconfirmed', `It cannot be told what this run would cost; say --yes if it may begin all the same. ${error.message}`);
  }
  if (expected === undefined) return {};
  if (expected.usd <= parts.confirmAbove || (await agree(expected))) return { counted: expected.originals };
  throw new UserError('cost-unconfirmed', 'Not begun; nothing was written.');
}

/** Not about what nothing bills; and about work on this machine where its prices are known, about that of functions in any case. */
function isAskedAbout(billing: Billing, { way }: Pricing): boolean {
  const { originals, variants } = billing.places;
  // A function that works with a folder is one of this machine, and bills nothing.
  if (way === 'lambda') return originals !== null && variants !== null;
  return (originals !== null || variants !== null) && isPriced(billing);
}

export function filterOf({ prefix = '', include = [], exclude = [], since, minSize, maxSize }: Pick<ReprocessOptions, 'prefix' | 'include' | 'exclude' | 'since' | 'minSize' | 'maxSize'>): Filter {
  const filter = { prefix, include, exclude, since: since?.getTime() ?? null, minSize: minSize ?? null, maxSize: maxSize ?? null };
  // A glob that cannot be used is told of before anything is begun.
  keyFilter(filter);
  return filter;
}

export function control(
  options: Pick<RunOptions, 'dryRun' | 'sample' | 'onEvent' | 'signal'>,
  limit: number | null,
  { maxFailures = DEFAULT_MAX_FAILURES, maxCost = null }: { maxFailures?: MaxFailures | undefined; maxCost?: number | null | undefined },
): RunControl {
  return {
    maxCost,
    sample: options.sample ?? null,
    maxFailures,
    dryRun: options.dryRun ?? false,
    limit,
    onEvent: options.onEvent ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
  };
}
