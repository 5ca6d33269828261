import { loadPresetSpecs } from '../config/load.js';
import type { Spec } from '../model/spec.js';

/** The six specs of the levels preset, and the seventh that was added later. */
export function levelsSpecs(): readonly Spec[] {
  return loadPresetSpecs('levels', { added: { width: 1600, height: 1600, fit: 'inside' } });
}
