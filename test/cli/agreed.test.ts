import { describe, expect, test } from 'vitest';
import { agreed } from '../../src/cli/operations.js';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { NOTHING_INVOKED } from '../../src/model/invoked.js';
import { UserError } from '../../src/model/user-error.js';
import { reprocess } from '../../src/run/reprocess.js';
import type { Pricing } from '../../src/run/pricing.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { PLAIN } from '../support.js';
import { control, endless } from '../run/pretending.js';
import { runParts } from '../run/run-parts.js';

/** A store as a bucket of this region; null: as a folder. */
const storeIn = (name: string, region: string | null): Store => ({ ...memoryStore(name), region: async () => region });

interface Where extends Partial<Pick<Pricing, 'way' | 'kms'>> {
  readonly originals: string | null;
  /** Default: as the originals. */
  readonly variants?: string | null;
}

/** What comes of asking about a run over one original, with both of its variants there or missing, where nobody answers. */
async function asked(there: 'made' | 'missing', { originals: from, variants: to = from, way = 'lambda', kms = false }: Where) {
  const [originals, variants] = [storeIn('originals', from), storeIn('variants', to)];
  await originals.write('1.jpg', Buffer.from('x'), PLAIN);
  if (there === 'made') for (const key of ['a/1.jpg', 'b/1.jpg']) await variants.write(key, Buffer.from('x'), PLAIN);
  const parts = { ...runParts({ originals, variants, pricing: { ...runParts().pricing, way, kms } }), confirmAbove: 10 };
  const agree = (): never => {
    throw new Error('there is nothing to be asked');
  };
  return agreed(agree, parts, (dry) => reprocess(parts, 'due', EVERYTHING, control(dry).settings));
}

describe.each<[string, Where, RegExp]>([
  ['theirs', { originals: 'ap-east-2' }, /say --yes .* regions\.ap-east-2\.lambda /],
  ['any of the region', { originals: 'cn-north-1' }, /say --yes .* region "cn-north-1"/],
  ['that of KMS', { originals: 'eu-central-1', kms: true }, /say --yes .* regions\.eu-central-1\.kms /],
  ['from region to region', { originals: 'me-central-1', variants: 'us-east-1' }, /say --yes .* regions\.me-central-1\.interRegion /],
])('where a price of functions is not known: %s', (_, where, message) => {
  test('a run begins with a yes alone', async () => {
    await expect(asked('missing', where)).rejects.toMatchObject({ code: 'cost-unconfirmed', message: expect.stringMatching(message) });
  });

  test('one that finds nothing due begins unasked', async () => {
    expect(await asked('made', where)).toEqual({ counted: 0 });
  });
});

test('and is refused at the first thing due: no more than the first pages are listed', async () => {
  let listed = 0;
  const originals: Store = { ...endless(20_000, () => (listed += 1)), region: async () => 'ap-east-2' };
  const parts = runParts({ originals, variants: storeIn('variants', 'ap-east-2'), pricing: { ...runParts().pricing, way: 'lambda' } });
  const engine = { ...parts.engine, mostInvoked: { ...NOTHING_INVOKED, invocations: 1 } };
  const all = { ...parts, engine, confirmAbove: 10 };
  await expect(agreed(async () => true, all, (dry) => reprocess(all, 'due', EVERYTHING, control(dry).settings))).rejects.toMatchObject({ code: 'cost-unconfirmed' });
  expect(listed).toBeLessThan(5_000);
});

test.each<[string, Where, object]>([
  ['functions whose price is known, and small', { originals: 'us-east-1' }, { counted: 1 }],
  ['this machine, where no prices are known', { originals: 'cn-north-1', way: 'local' }, {}],
  ['a function of this machine, that works with a folder', { originals: 'us-east-1', variants: null }, {}],
  ['folders', { originals: null, way: 'local' }, {}],
])('nobody is asked about a run in %s', async (_, where, known) => {
  expect(await asked('missing', where)).toEqual(known);
});

test('what else goes wrong before the question is told as it is', async () => {
  const [originals, variants] = [storeIn('originals', 'ap-east-2'), storeIn('variants', 'ap-east-2')];
  const wrong = new UserError('credentials-expired', 'sign in again');
  await expect(agreed(async () => true, { ...runParts({ originals, variants }), confirmAbove: 10 }, () => Promise.reject(wrong))).rejects.toBe(wrong);
});

test('work in functions takes no price of what goes out to the internet: all of it is foreseen, and asked about', async () => {
  const { internet, ...others } = LIST_PRICES.regions['us-east-1'] ?? never();
  expect(internet).toBeDefined();
  const prices = { ...LIST_PRICES, regions: { 'us-east-1': others } };
  const originals: Store = { ...endless(300, () => undefined), region: async () => 'us-east-1' };
  const parts = { ...runParts({ originals, variants: storeIn('variants', 'us-east-1'), pricing: { ...runParts().pricing, way: 'lambda', prices } }), confirmAbove: 0 };
  const told: number[] = [];
  const agree = async ({ originals: due }: { readonly originals: number }): Promise<boolean> => told.push(due) > 0;
  expect(await agreed(agree, parts, (dry) => reprocess(parts, 'due', EVERYTHING, control(dry).settings))).toEqual({ counted: 300 });
  expect(told).toEqual([300]);
});

function never(): never {
  throw new Error('it is known');
}
