import type { ConfigInput } from './schema.js';

/** Named sets of specs, written as in a config file and read by the same schema. */
export const PRESETS = {
  levels: {
    specs: {
      xlarge: { width: 2048, height: 2048, fit: 'inside' },
      large: { width: 1280, height: 1280, fit: 'inside' },
      medium: { width: 800, height: 800, fit: 'inside' },
      small: { width: 400, height: 400, fit: 'inside' },
      'square-medium': { width: 500, height: 500, fit: 'cover' },
      'square-small': { width: 150, height: 150, fit: 'cover' },
    },
  },
} as const satisfies Record<string, ConfigInput>;

export type PresetName = keyof typeof PRESETS;

export function isPreset(name: string): name is PresetName {
  return Object.hasOwn(PRESETS, name);
}
