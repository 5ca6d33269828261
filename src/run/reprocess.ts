import type { Summary } from '../model/events.js';
import type { Mode } from '../model/job.js';
import { joinListings } from '../plan/join.js';
import { keyFilter, type Filter } from '../source/filter.js';
import { perform, type RunControl, type RunParts } from './perform.js';

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
