import { PRESETS } from '../../src/config/presets.js';
import type { Measured } from '../../src/model/estimate.js';
import { expand } from '../../src/cost/expand.js';
import type { Expected } from '../../src/cost/expected.js';
import { Sampler } from '../../src/cost/sample.js';
import type { Job } from '../../src/model/job.js';
import { spec } from '../support.js';
import { seeded } from './seeded.js';

/** Jobs, and what each really takes. */
export interface Corpus {
  readonly jobs: readonly Job[];
  readonly taken: ReadonlyMap<string, Expected>;
}

const LEVELS = Object.entries(PRESETS.levels.specs).map(([name, fields]) => spec(name, fields));
export const SPECS = new Map([...LEVELS, spec('enlarged', { width: 600, height: null, enlarge: true })].map((one) => [one.name, one]));
export const ALL = LEVELS.map(({ name }) => name);
export const FIGURES = ['cpuSeconds', 'outputBytes'] as const;

export function job(key: string, size: number, due: readonly string[] = ALL): Job {
  const original = { key, size, lastModified: 0, etag: '' };
  return { original, due: due.map((name) => ({ spec: SPECS.get(name) ?? spec(name), key: `${name}/${key}`, reason: 'missing' })) };
}

export function corpusOf(rows: readonly { key: string; size: number; due?: readonly string[]; cpuSeconds: number; bytes: number }[]): Corpus {
  return {
    jobs: rows.map(({ key, size, due }) => job(key, size, due)),
    taken: new Map(rows.map(({ key, cpuSeconds, bytes }) => [key, { cpuSeconds, bytes }])),
  };
}

export function truthOf({ taken }: Corpus): Record<(typeof FIGURES)[number], number> {
  const all = [...taken.values()];
  return { cpuSeconds: all.reduce((a, b) => a + b.cpuSeconds, 0), outputBytes: all.reduce((a, b) => a + b.bytes, 0) };
}

export function chosenFrom(jobs: readonly Job[], size: number, seed: number) {
  const sampler = new Sampler(size, seeded(seed));
  for (const one of jobs) sampler.add(one);
  return sampler.choose();
}

/** From a sample, with only what was measured of it. */
export function estimated({ jobs, taken }: Corpus, size: number, seed: number): Measured {
  const strata = chosenFrom(jobs, size, seed);
  const keys = new Set(strata.flatMap(({ chosen }) => chosen.map(({ original }) => original.key)));
  return expand(strata, new Map([...taken].filter(([key]) => keys.has(key))));
}

export function takenOf({ taken }: Corpus, key: string): Expected {
  const took = taken.get(key);
  if (took === undefined) throw new Error(key);
  return took;
}
