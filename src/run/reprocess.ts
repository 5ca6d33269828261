import type { Recording } from '../checkpoint/recording.js';
import type { Range } from '../checkpoint/run-record.js';
import type { Summary } from '../model/events.js';
import type { Mode } from '../model/job.js';
import { joinListings } from '../plan/join.js';
import type { Past } from '../plan/past.js';
import { keyFilter, type Filter } from '../source/filter.js';
import type { Found } from './jobs.js';
import { perform, type RunControl, type RunParts } from './perform.js';
import { begin, type SessionParts } from './begin.js';

/** Lists the originals, joins them with the variants that exist, and makes what is due by the mode. */
export async function reprocess(parts: RunParts & SessionParts, mode: Mode, filter: Filter, control: RunControl): Promise<Summary> {
  const { prefix, include, exclude } = filter;
  const session = await begin(parts, { command: 'reprocess', mode, filter: { prefix, include: [...include], exclude: [...exclude] } }, control);
  try {
    return await perform(planListed(parts, mode, filter, session.past, session.recording), parts, session, control);
  } finally {
    await session.end();
  }
}

async function* planListed(parts: RunParts, mode: Mode, filter: Filter, past: Past, recording: Recording | null): AsyncGenerator<Found> {
  if (recording === null) {
    for await (const found of planRange(parts, mode, filter, past, { after: '', upTo: null }, false)) yield { part: null, found };
    return;
  }
  for (const range of recording.record.ranges) {
    const part = recording.settledIn(range);
    for await (const found of planRange(parts, mode, filter, past, range, true)) yield { part, found };
  }
}

function planRange({ originals, variants, layout, specs }: RunParts, mode: Mode, filter: Filter, past: Past, { after }: Range, sweep: boolean) {
  return joinListings({
    originals: originals.list(filter.prefix, { after }),
    after,
    listVariants: (prefix, behind) => variants.list(prefix, { after: behind, sweep }),
    lookUp: (key) => variants.stat(key),
    existsBeyond: null,
    prefix: filter.prefix,
    layout,
    specs,
    mode,
    past,
    accepts: keyFilter(filter),
  });
}
