import { expect, test } from 'vitest';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { PLAIN } from '../support.js';
import { control, endless, pretending } from './pretending.js';
import { runParts } from './run-parts.js';

/** A store as a bucket of this region. */
function bucket(name: string, region: string): Store {
  return { ...memoryStore(name), region: async () => region };
}

test('where nothing is due, a function without a price keeps nobody from an estimate', async () => {
  const [originals, variants] = [bucket('originals', 'ap-east-2'), bucket('variants', 'ap-east-2')];
  await originals.write('1.jpg', Buffer.from('x'), PLAIN);
  for (const key of ['a/1.jpg', 'b/1.jpg']) await variants.write(key, Buffer.from('x'), PLAIN);
  const parts = runParts({ originals, variants, pricing: { ...runParts().pricing, way: 'lambda' } });
  const { events, settings } = control({ dryRun: true });
  await reprocess(parts, 'due', EVERYTHING, settings);
  expect(events.find(({ type }) => type === 'estimate')).toMatchObject({ originals: 0, way: 'lambda', all: null });
  await originals.write('2.jpg', Buffer.from('x'), PLAIN);
  await expect(reprocess(parts, 'due', EVERYTHING, settings)).rejects.toMatchObject({ code: 'price-missing', message: expect.stringContaining('regions.ap-east-2.lambda') });
});

test('where a price is missing nothing is listed, unless what is due is to be told all the same', async () => {
  let listed = 0;
  const originals: Store = { ...endless(3, () => (listed += 1)), region: async () => 'cn-north-1' };
  const { events, settings } = control({ dryRun: true });
  const foreseen = (listsUnpriced: boolean) => reprocess(runParts({ originals }), 'due', EVERYTHING, { ...settings, listsUnpriced });
  await expect(foreseen(false)).rejects.toMatchObject({ code: 'price-missing' });
  expect(listed).toBe(0);
  await expect(foreseen(true)).rejects.toMatchObject({ code: 'price-missing' });
  expect(events.filter(({ type }) => type === 'due')).toHaveLength(6);
});

test.each(['while it is listed', 'while originals are measured'])('Ctrl-C %s ends a sample: no more originals are worked on', async (when) => {
  const stop = new AbortController();
  let listed = 0;
  let measured = 0;
  const originals = endless(3_000, () => {
    listed += 1;
    if (when === 'while it is listed' && listed === 2_000) stop.abort();
  });
  const trial = pretending(() => {
    measured += 1;
    stop.abort();
  });
  const { events, settings } = control({ dryRun: true, sample: 10, signal: stop.signal });
  expect(await reprocess(runParts({ originals, trial }), 'due', EVERYTHING, settings)).toMatchObject({ complete: false });
  expect(events.find(({ type }) => type === 'estimate')).toMatchObject({ measured: { basis: expect.not.stringMatching('sample') } });
  expect(measured).toBe(when === 'while it is listed' ? 0 : 1);
});
