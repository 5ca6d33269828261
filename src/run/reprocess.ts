import type { Summary } from '../model/events.js';
import type { Mode } from '../model/job.js';
import { isRefused } from '../model/original.js';
import { joinListings } from '../plan/join.js';
import { keyFilter, type Filter } from '../source/filter.js';
import type { Manifest } from '../source/manifest.js';
import type { ManifestRow } from '../source/manifest-row.js';
import { perform, type RunControl, type RunParts } from './perform.js';
import { planKeys } from './plan-keys.js';

/** Lists the originals, joins them with the variants that exist, and makes what is due by the mode. */
export async function reprocess(parts: RunParts, mode: Mode, filter: Filter, control: RunControl): Promise<Summary> {
  const { originals, variants, layout, specs } = parts;
  const plan = joinListings({
    originals: originals.list(filter.prefix),
    listVariants: (prefix) => variants.list(prefix, { sweep: !control.dryRun }),
    prefix: filter.prefix,
    layout,
    specs,
    mode,
    accepts: keyFilter(filter),
  });
  return perform('reprocess', mode, plan, parts, control);
}

/**
 * Looks for each original that a manifest names, and for its variants, and makes what is due by the mode. A key that is
 * written twice in a row counts once; one that comes again later is looked at again, and then finds what was made, or
 * makes it a second time.
 */
export async function reprocessManifest(
  parts: RunParts,
  manifest: Manifest,
  mode: Mode,
  filter: Filter,
  control: RunControl,
): Promise<Summary> {
  const rows = chosenRows(manifest, filter);
  // The first row is read before anything is done: most manifests that cannot be read tell so by then.
  const first = await rows.next();
  const all = async function* (): AsyncGenerator<ManifestRow> {
    if (first.done === true) return;
    yield first.value;
    yield* rows;
  };
  try {
    return await perform('reprocess', mode, planKeys(parts, mode, all()), { ...parts, manifest }, control);
  } finally {
    await rows.return(undefined);
  }
}

/** A row that is refused has no key that could be filtered: what is written there is told, whatever it is. */
async function* chosenRows(manifest: Manifest, filter: Filter): AsyncGenerator<ManifestRow, undefined> {
  const accepts = keyFilter(filter);
  let previous: string | null = null;
  for await (const row of manifest.rows()) {
    if (row.key === previous) continue;
    previous = row.key;
    if (isRefused(row) || accepts(row.key)) yield row;
  }
  return undefined;
}
