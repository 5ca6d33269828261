import type { Summary } from '../model/events.js';
import type { Mode } from '../model/job.js';
import type { Past } from '../plan/past.js';
import { begin, type SessionParts } from './begin.js';
import { foresee } from './foresee.js';
import type { Found } from './jobs.js';
import { perform, type RunControl, type RunParts } from './perform.js';
import { planKeys } from './plan-keys.js';

/**
 * Makes every variant of the originals with these keys, in the given order, each once.
 *
 * @param mode `all`: whatever exists
 */
export async function regenerate(parts: RunParts & SessionParts, keys: readonly string[], control: RunControl, mode: Mode = 'all'): Promise<Summary> {
  const session = await begin(parts, { command: parts.command ?? 'regenerate', mode, filter: null }, control);
  try {
    const plan = planGiven(parts, new Set(keys), mode, mode === 'all' ? null : session.past);
    return await (control.dryRun ? foresee : perform)(plan, { ...parts, looksUp: true }, session, control);
  } finally {
    await session.end();
  }
}

async function* planGiven(parts: RunParts, keys: ReadonlySet<string>, mode: Mode, past: Past | null): AsyncGenerator<Found> {
  const given = [...keys].map((key) => ({ key }));
  for await (const { found } of planKeys(parts, mode, past, given)) yield { part: null, found };
}
