import type { Engine } from '../engine/engine.js';
import type { Job } from '../model/job.js';
import type { StoredObject } from '../model/original.js';
import type { Saving } from '../model/report.js';
import type { Spec } from '../model/spec.js';

const FORMATS = ['webp', 'avif'] as const;

/**
 * What each spec would come to in other formats, at their usual quality: measured on some originals, by the real pipeline,
 * without writing.
 *
 * @param trial does everything but write
 */
export async function savingsOf(chosen: readonly StoredObject[], specs: readonly Spec[], trial: Engine): Promise<ReadonlyMap<string, readonly Saving[]>> {
  const sums = new Map<string, number>();
  for await (const { outcomes } of trial.run(jobsOf(chosen, specs))) {
    // An original of which something cannot be made says nothing of the rest.
    if (outcomes.some(({ result }) => result === 'failed')) continue;
    for (const outcome of outcomes) if (outcome.result === 'made') sums.set(outcome.variant, (sums.get(outcome.variant) ?? 0) + outcome.bytes);
  }
  return new Map(specs.map((spec) => [spec.name, savings(spec, sums)]));
}

function savings(spec: Spec, sums: ReadonlyMap<string, number>): readonly Saving[] {
  const now = sums.get(spec.name) ?? 0;
  return FORMATS.flatMap((format) => {
    const then = sums.get(nameOf(spec, format));
    return then === undefined || now === 0 ? [] : [{ format, ratio: then / now }];
  });
}

async function* jobsOf(chosen: readonly StoredObject[], specs: readonly Spec[]): AsyncGenerator<Job> {
  for (const original of chosen) {
    const all = specs.flatMap((spec) => [spec, ...FORMATS.filter((format) => format !== spec.format).map((format): Spec => ({ ...spec, name: nameOf(spec, format), format, quality: null, effort: null, lossless: false }))]);
    yield { original, due: all.map((spec) => ({ spec, key: spec.name, reason: 'forced' })) };
  }
}

function nameOf({ name }: Spec, format: string): string {
  return `${name}.${format}`;
}
