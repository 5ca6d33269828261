import process from 'node:process';
import type { Summary } from '../model/events.js';
import { UserError } from '../model/user-error.js';
import { regenerate } from '../run/regenerate.js';
import { reprocess } from '../run/reprocess.js';
import { verify as runVerify } from '../run/verify.js';
import { EVERYTHING } from '../source/filter.js';
import { agreed, control, filterOf, type ReprocessOptions, type VerifyOptions } from './operations.js';
import { originalKeys } from './original-keys.js';
import { wireCopying, type CopySettings } from './wire-copying.js';

type Running = Pick<ReprocessOptions, 'onEvent' | 'signal' | 'maxFailures' | 'maxCost' | 'limit' | 'agree'>;
type Filtering = Pick<ReprocessOptions, 'prefix' | 'include' | 'exclude' | 'since' | 'minSize' | 'maxSize'>;

export interface BackupOptions extends CopySettings, Running, Filtering {
  /**
   * Copy originals that have changed over the copy that is there, also where no versions are kept. Default false: such a copy
   * then stays as it is.
   */
  readonly replace?: boolean | undefined;
}

/**
 * Copies originals that have no backup, or one of older content; between buckets on S3's side.
 * @returns the sums of the run; failures of single originals are counted there and told as events, not thrown
 * @throws UserError as `reprocess`
 */
export async function backup(options: BackupOptions = {}): Promise<Summary> {
  const { replace = false, agree, dryRun = false, limit = null } = options;
  const wired = await wireCopying(options, 'back-up', { trusts: !replace });
  const mayReplace = replace || (await wired.variants.keepsVersions()) === true;
  const parts = mayReplace || options.engine === 'lambda' ? wired : { ...wired, engine: wired.engineOf('back-up-missing') };
  const kept = {
    type: 'warning',
    code: 'copies-stay',
    message: `${parts.variants.location} keeps no versions, so a copy that exists stays as it is, also of an original that has changed since (imgvar backup --verify tells); --replace replaces it.`,
  } as const;
  const run = { ...parts, manifest: null, command: 'backup', warnings: [...(parts.warnings ?? []), ...(mayReplace ? [] : [kept])] } as const;
  const mode = mayReplace ? 'due' : 'missing';
  const filter = filterOf(options);
  const how = control(options, limit, options);
  const known = agree === undefined || dryRun ? {} : await agreed(agree, parts, (dry) => reprocess(run, mode, filter, { ...how, ...dry }));
  return reprocess(run, mode, filter, { ...how, ...known });
}

/**
 * Compares copies with their originals, by the checksums that are stored, and by content where these cannot be compared.
 * @throws UserError as `reprocess`
 */
export async function verifyBackup(options: CopySettings & Filtering & Pick<VerifyOptions, 'onEvent' | 'signal' | 'strict'> & { readonly sample?: number | undefined } = {}) {
  const { strict = false, onEvent = () => undefined, signal, sample = null } = options;
  const parts = await wireCopying({ ...options, sample: undefined, dryRun: true }, 'compare');
  return runVerify(parts, { ...control({ signal }, null, {}), filter: filterOf(options), deep: sample ?? 'all', fix: false, strict, onEvent });
}

export interface RestoreOptions extends Omit<CopySettings, 'engine' | 'functionName' | 'fresh' | 'checkpoint' | 'sample'>, Running {
  /** What the keys begin with of all that is brought back; with `keys` given, nothing. Empty: everything. */
  readonly prefix?: string | undefined;
  /** Whether what is in an original's place is replaced, where it differs. Default false. */
  readonly overwrite?: boolean | undefined;
}

/**
 * Brings originals back from their copies: those that are gone, and with `overwrite` those that differ.
 *
 * @param keys relative to the originals; empty for all that begin with `prefix`
 * @throws UserError as `reprocess`
 */
export async function restore(keys: readonly string[], options: RestoreOptions = {}): Promise<Summary> {
  const { overwrite = false, prefix, agree, dryRun = false, limit = null } = options;
  if (keys.length > 0 && prefix !== undefined) throw new UserError('usage', 'Name keys or a --prefix, not both.');
  const parts = { ...(await wireCopying(options, overwrite ? 'replace' : 'bring-back')), manifest: null, command: 'restore' } as const;
  const how = control(options, limit, options);
  // Whether what is in the place of a key differs is seen when it is its turn.
  if (keys.length > 0) return regenerate(parts, await originalKeys(keys, parts.originals, options.cwd ?? process.cwd()), how, 'all');
  const run = (control: typeof how): Promise<Summary> => reprocess(parts, overwrite ? 'due' : 'missing', { ...EVERYTHING, prefix: prefix ?? '' }, control);
  const known = agree === undefined || dryRun ? {} : await agreed(agree, parts, (dry) => run({ ...how, ...dry }));
  return run({ ...how, ...known });
}
