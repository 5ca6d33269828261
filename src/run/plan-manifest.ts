import type { Recording } from '../checkpoint/recording.js';
import type { Mode } from '../model/job.js';
import { isRefused } from '../model/original.js';
import type { Past } from '../plan/past.js';
import { keyFilter, originalFilter, type Filter } from '../source/filter.js';
import type { Manifest } from '../source/manifest.js';
import type { ManifestRow } from '../source/manifest-row.js';
import type { Found } from './jobs.js';
import type { RunParts } from './perform.js';
import { planKeys } from './plan-keys.js';

/** How often the plan says how far it has come, in rows. */
const MARK_EVERY = 10;

/** Originals as a manifest names them. The place in the record is a row of it. */
export async function* planManifest(
  parts: RunParts,
  manifest: Manifest,
  mode: Mode,
  past: Past,
  filter: Filter,
  recording: Recording | null,
): AsyncGenerator<Found> {
  const range = recording?.record.ranges[0];
  if (recording !== null && range === undefined) return;
  const part = recording === null || range === undefined ? null : recording.settledIn(range);
  const accepts = originalFilter(filter);
  const rows = chosenRows(manifest, keyFilter(filter), Number(range?.after ?? 0));
  let marked = 0;
  for await (const { given, found } of planKeys(parts, mode, past, rows)) {
    // Everything before this row has come out.
    if (given.row - marked > MARK_EVERY) {
      marked = given.row - 1;
      yield { part, found: { passed: String(marked) } };
    }
    if (isRefused(found) || accepts(found.original)) yield { part, found };
  }
  yield { part, found: { passed: null } };
}

/** The same key twice in a row is one original; where it comes again later, it is planned again. */
async function* chosenRows(manifest: Manifest, accepts: (key: string) => boolean, after: number): AsyncGenerator<ManifestRow> {
  let last: string | null = null;
  for await (const row of manifest.rows()) {
    if (row.row <= after || row.key === last) continue;
    last = row.key;
    // A refused row has no key that could be filtered: what is written there is told, whatever it is.
    if (isRefused(row) || accepts(row.key)) yield row;
  }
}
