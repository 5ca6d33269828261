import { expect, test } from 'vitest';
import { storeLines } from '../../src/cost/store-lines.js';
import { NO_TRAFFIC } from '../../src/model/traffic.js';
import { billingOf } from '../../src/run/pricing.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { GIB, lineNamed } from '../cost/support.js';
import { runParts } from './run-parts.js';

const storeIn = (region: string | null): Store => ({ ...memoryStore('m'), region: async () => region });
const placesOf = async (originals: string | null, variants: string | null, region: string | null = null) =>
  (await billingOf({ originals: storeIn(originals), variants: storeIn(variants), pricing: { ...runParts().pricing, region, inRegion: true } })).places;

test('buckets are billed by the prices of their regions, or of one that was chosen; folders by none', async () => {
  expect(await placesOf('eu-west-1', 'us-east-1')).toMatchObject({ originals: 'eu-west-1', variants: 'us-east-1', apart: true });
  expect(await placesOf('eu-west-1', 'eu-west-1')).toMatchObject({ apart: false });
  expect(await placesOf(null, 'eu-west-1', 'us-east-1')).toMatchObject({ originals: null, variants: 'us-east-1', apart: false });
  expect(await placesOf('eu-west-1', null)).toMatchObject({ originals: 'eu-west-1', variants: null, apart: false });
});

test('bytes that go to another region are paid for, by whichever prices', async () => {
  const pricing = { ...runParts().pricing, region: 'eu-west-1', inRegion: true };
  const billing = await billingOf({ originals: storeIn('eu-west-1'), variants: storeIn('us-east-1'), pricing });
  expect(billing.places).toMatchObject({ originals: 'eu-west-1', variants: 'eu-west-1' });
  const lines = storeLines({ traffic: NO_TRAFFIC, classes: {}, bytesRead: 0, bytesWritten: 100 * GIB }, billing);
  // 100 GB x 0.02.
  expect(lineNamed(lines, 'transfer-between')).toMatchObject({ quantity: 100, usd: 2 });
});
