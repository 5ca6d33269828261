import { expect, test } from 'vitest';
import { recordsOf } from '../../src/checkpoint/run-record.js';
import type { Engine } from '../../src/engine/engine.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { collect } from '../support.js';
import { control, endless, madeOf, pretending, standStill, takeOver } from './pretending.js';
import { runParts } from './run-parts.js';

test('a run that was taken over while it stood still takes no result any more, saves nothing, and ends', async () => {
  const done: string[] = [];
  const engine = pretending(async ({ original }) => {
    done.push(original.key);
    if (original.key === '000000002') await standStill(parts.variants);
  });
  const parts = runParts({ originals: endless(5, () => undefined), engine });
  const { events, settings } = control();
  await expect(reprocess(parts, 'due', EVERYTHING, settings)).rejects.toMatchObject({ code: 'locked' });
  expect(done).toHaveLength(3);
  expect(events.filter(({ type }) => type === 'outcome')).toHaveLength(4);
  // What it had saved before the first is all.
  expect(await collect(recordsOf(parts.checkpoint, parts.variants.location))).toMatchObject([{ state: 'running', sums: { originals: 0, made: 0 } }]);
});

test('a run that was taken over while it stood still begins no work any more, and does not wait for what is in flight', async () => {
  let begun = 0;
  const asking: Engine = {
    name: 'local',
    mostTries: 1,
    async *run(jobs, { beforeWork } = {}) {
      for await (const job of jobs) {
        if (begun === 2) await standStill(parts.variants);
        await beforeWork?.();
        begun += 1;
        yield madeOf(job);
      }
    },
  };
  const parts = runParts({ originals: endless(5, () => undefined), engine: asking });
  await expect(reprocess(parts, 'due', EVERYTHING, control().settings)).rejects.toMatchObject({ code: 'locked' });
  expect(begun).toBe(2);

  const hanging: Engine = {
    name: 'local',
    mostTries: 1,
    async *run(jobs, { signal } = {}) {
      for await (const job of jobs) {
        await takeOver(others.variants);
        await new Promise((_, end) => signal?.addEventListener('abort', () => end(new Error('ended'))));
        yield madeOf(job);
      }
    },
  };
  const others = runParts({ originals: endless(5, () => undefined), engine: hanging, leaseSeconds: 0.1 });
  await expect(reprocess(others, 'due', EVERYTHING, control().settings)).rejects.toMatchObject({ code: 'locked' });
});
