import type { Summary } from '../model/events.js';
import { isRefused } from '../model/original.js';
import type { Collision } from '../plan/join.js';
import { givenOriginals } from '../source/given.js';
import { begin, type SessionParts } from './begin.js';
import type { Found } from './jobs.js';
import { perform, type RunControl, type RunParts } from './perform.js';

/** Makes every variant of the originals with these keys, whatever exists. */
export async function regenerate(parts: RunParts & SessionParts, keys: readonly string[], control: RunControl): Promise<Summary> {
  const session = await begin(parts, { command: 'regenerate', mode: 'all', filter: null }, control);
  try {
    return await perform(planGiven(parts, keys), parts, session, control);
  } finally {
    await session.end();
  }
}

async function* planGiven({ originals, layout, specs }: RunParts, keys: readonly string[]): AsyncGenerator<Found> {
  for await (const original of givenOriginals(originals, keys)) {
    if (isRefused(original)) {
      yield { part: null, found: original };
      continue;
    }
    const collisions: Collision[] = [];
    for (const spec of specs) {
      const rival = layout.rivalOf(original.key, spec);
      if (rival !== null && (await originals.stat(rival)) !== undefined) collisions.push({ spec, rival });
    }
    const due = specs
      .filter((spec) => !collisions.some((collision) => collision.spec === spec))
      .map((spec) => ({ spec, key: layout.keyOf(original.key, spec), reason: 'forced' as const }));
    yield { part: null, found: { original, due, collisions } };
  }
}
