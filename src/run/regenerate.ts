import type { Summary } from '../model/events.js';
import { isRefused, type RefusedObject } from '../model/original.js';
import type { Collision, Planned } from '../plan/join.js';
import { givenOriginals } from '../source/given.js';
import { perform, type RunControl, type RunParts } from './perform.js';

/** Makes every variant of the originals with these keys, whatever exists. */
export async function regenerate(parts: RunParts, keys: readonly string[], control: RunControl): Promise<Summary> {
  return perform('regenerate', 'all', planGiven(parts, keys), parts, control);
}

async function* planGiven(
  { originals, layout, specs }: RunParts,
  keys: readonly string[],
): AsyncGenerator<Planned | RefusedObject> {
  for await (const original of givenOriginals(originals, keys)) {
    if (isRefused(original)) {
      yield original;
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
    yield { original, due, collisions };
  }
}
