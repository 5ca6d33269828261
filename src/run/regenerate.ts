import type { Summary } from '../model/events.js';
import { perform, type RunControl, type RunParts } from './perform.js';
import { planKeys } from './plan-keys.js';

/** Makes every variant of the originals with these keys, in the given order, each once, whatever exists. */
export async function regenerate(parts: RunParts, keys: readonly string[], control: RunControl): Promise<Summary> {
  const named = [...new Set(keys)].map((key) => ({ key }));
  return perform('regenerate', 'all', planKeys(parts, 'all', named), parts, control);
}
