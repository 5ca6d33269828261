import type { Summary } from '../model/events.js';
import { begin, type SessionParts } from './begin.js';
import { foresee } from './foresee.js';
import type { Found } from './jobs.js';
import { perform, type RunControl, type RunParts } from './perform.js';
import { planKeys } from './plan-keys.js';

/** Makes every variant of the originals with these keys, in the given order, each once, whatever exists. */
export async function regenerate(parts: RunParts & SessionParts, keys: readonly string[], control: RunControl): Promise<Summary> {
  const session = await begin(parts, { command: 'regenerate', mode: 'all', filter: null }, control);
  try {
    const plan = planGiven(parts, new Set(keys));
    return await (control.dryRun ? foresee : perform)(plan, { ...parts, looksUp: true }, session, control);
  } finally {
    await session.end();
  }
}

async function* planGiven(parts: RunParts, keys: ReadonlySet<string>): AsyncGenerator<Found> {
  const given = [...keys].map((key) => ({ key }));
  for await (const { found } of planKeys(parts, 'all', null, given)) yield { part: null, found };
}
