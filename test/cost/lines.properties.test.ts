import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimate, exactly } from '../../src/cost/estimate.js';
import { totalOf } from '../../src/cost/lines.js';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { charge, toUsd } from '../../src/cost/money.js';
import type { Tiers } from '../../src/cost/prices.js';
import { storeLines } from '../../src/cost/store-lines.js';
import { chargeTiers } from '../../src/cost/tiers.js';
import { costOf, costOrWhyNot, type Undertaking } from '../../src/cost/ways.js';
import { addWorkload, NO_WORK, type Share } from '../../src/cost/workload.js';
import { WAYS, type Measured } from '../../src/model/estimate.js';
import { addTraffic, NO_TRAFFIC, type Traffic } from '../../src/model/traffic.js';
import { billing, requests } from './support.js';

const REGIONS = Object.keys(LIST_PRICES.regions);
const count = fc.oneof(fc.nat(3), fc.nat(2_000_000));
/** Every price is known of one of them alone. */
const region = fc.oneof(fc.constant('us-east-1'), fc.constantFrom(...REGIONS));
const storageClass = fc.constantFrom('STANDARD', 'INTELLIGENT_TIERING', 'STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR');

const share = fc.record({ originals: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 500_000 })), bytes: fc.nat(2 ** 45) });
const classes = fc.dictionary(storageClass, share, { noNullPrototype: true });

/** Each original is read and confirmed once; anything else is as it may be. */
const undertaking: fc.Arbitrary<Undertaking> = fc
  .record({
    classes,
    list: count,
    puts: count,
    own: count,
    secondsPerOriginal: fc.double({ min: 0, max: 20, noNaN: true }),
    outputBytes: fc.nat(2 ** 45),
    originalsIn: fc.option(region),
    variantsIn: fc.option(region),
    variantsClass: storageClass,
    flags: fc.record({ inRegion: fc.boolean(), freeTier: fc.boolean(), kms: fc.boolean() }),
    here: fc.record({ cores: fc.integer({ min: 1, max: 64 }), connections: fc.integer({ min: 1, max: 512 }) }),
    fanout: fc.record({ memoryMb: fc.integer({ min: 128, max: 10_240 }), architecture: fc.constantFrom('arm64' as const, 'x86_64' as const), concurrency: fc.integer({ min: 1, max: 5_000 }) }),
  })
  .map(({ classes: byClass, list, puts, own, secondsPerOriginal, outputBytes, originalsIn, variantsIn, variantsClass, flags, here, fanout }) => {
    const originals = sum(byClass, 'originals');
    return {
      workload: { ...NO_WORK, originals, variants: puts, bytes: sum(byClass, 'bytes'), classes: byClass, outputBytes, cpuSeconds: originals * secondsPerOriginal, addedBytes: outputBytes, due: { a: { missing: puts } } },
      cpuSeconds: originals * secondsPerOriginal,
      outputBytes,
      traffic: { originals: requests({ list, get: originals, head: originals }), variants: requests({ list, put: puts }), own: requests({ put: own, get: own, list: own }) },
      lookUps: 0,
      billing: billing('', { ...flags, places: { originals: originalsIn, variants: variantsIn, variantsClass } }),
      here,
      fanout,
    };
  });

function sum(byClass: Readonly<Record<string, Share>>, field: keyof Share): number {
  return Object.values(byClass).reduce((total, one) => total + one[field], 0);
}

/** The same work once more for each of `times`. */
function repeated(all: Undertaking, times: number): Undertaking {
  let [workload, traffic] = [NO_WORK, NO_TRAFFIC];
  for (let i = 0; i < times; i++) [workload, traffic] = [addWorkload(workload, all.workload), addTraffic(traffic, all.traffic)];
  return { ...all, workload, traffic, cpuSeconds: all.cpuSeconds * times, outputBytes: all.outputBytes * times };
}

describe('whatever is to be done, and wherever', () => {
  test('the lines are whole nanodollars, none is negative, and they add up to the total', () => {
    fc.assert(
      fc.property(undertaking, (all) => {
        for (const way of WAYS) {
          const cost = costOrWhyNot(way, all);
          if ('why' in cost) continue;
          for (const { amount, quantity } of cost.lines) {
            expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
            expect(quantity > 0).toBe(true);
          }
          expect(totalOf(cost.lines)).toBe(cost.total);
          expect(cost.lines.reduce((total, { amount }) => total + BigInt(amount), 0n)).toBe(BigInt(cost.total));
          expect(Number.isFinite(cost.time.seconds) && cost.time.seconds >= 0).toBe(true);
        }
      }),
    );
  });

  test('more of the same costs no less, and takes no less time', () => {
    fc.assert(
      fc.property(undertaking, fc.integer({ min: 2, max: 4 }), (all, times) => {
        const more = repeated(all, times);
        for (const way of WAYS) {
          const [less, cost] = [costOrWhyNot(way, all), costOrWhyNot(way, more)];
          if ('why' in less || 'why' in cost) {
            expect('why' in less && 'why' in cost).toBe(true);
            continue;
          }
          expect(cost.total).toBeGreaterThanOrEqual(less.total);
          expect(cost.time.seconds).toBeGreaterThanOrEqual(less.time.seconds * (1 - 1e-9));
        }
      }),
    );
  });

  test('one more request of any kind costs no less', () => {
    const side = fc.constantFrom<keyof Traffic>('originals', 'variants', 'own');
    const kind = fc.constantFrom('get' as const, 'head' as const, 'put' as const, 'list' as const);
    fc.assert(
      fc.property(undertaking, side, kind, count, ({ workload, traffic, outputBytes, billing: { kms, ...bills } }, where, what, extra) => {
        // Of one class, as which original another request is for is not known.
        const byClass = { GLACIER_IR: { originals: Math.max(1, workload.originals), bytes: workload.bytes } };
        // Prices between regions are not known everywhere.
        const places = { ...bills.places, variants: bills.places.originals, apart: false };
        const cost = (of: Traffic) => totalOf(storeLines({ traffic: of, classes: byClass, bytesRead: workload.bytes, bytesWritten: outputBytes }, { ...bills, places, kms: kms && places.originals === 'us-east-1' }));
        const more = { ...traffic, [where]: { ...traffic[where], [what]: traffic[where][what] + extra } };
        expect(cost(more)).toBeGreaterThanOrEqual(cost(traffic));
      }),
    );
  });

  test('the estimate tells the chosen way as the comparison does', () => {
    fc.assert(
      fc.property(undertaking, (all) => {
        const local = costOrWhyNot('local', all);
        if ('why' in local) return;
        const measured: Measured = { basis: 'default', originals: 0, cpuSeconds: exactly(all.cpuSeconds), outputBytes: exactly(all.outputBytes) };
        const { alternatives, storage, ...told } = estimate('local', all, measured);
        expect(told.usd).toBe(toUsd(costOf('local', all).total));
        expect(alternatives.map(({ way }) => way)).toEqual([...WAYS]);
        expect(alternatives[0]).toEqual({ way: told.way, usd: told.usd, seconds: told.seconds, boundBy: told.boundBy, lines: told.lines });
        expect(storage.usdPerMonth).toBeGreaterThanOrEqual(0);
        expect(storage.bytes).toBeGreaterThanOrEqual(all.workload.addedBytes);
      }),
    );
  });

  test('folder to folder costs nothing', () => {
    fc.assert(
      fc.property(undertaking, (all) => {
        const places = { ...all.billing.places, originals: null, variants: null };
        expect(costOf('local', { ...all, billing: { ...all.billing, places } }).total).toBe(0);
      }),
    );
  });
});

describe('tiers', () => {
  const tiers: fc.Arbitrary<Tiers> = fc
    .record({ ends: fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { maxLength: 4 }), prices: fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 5, maxLength: 5 }) })
    .map(({ ends, prices }) => [...ends.sort((a, b) => a - b), null].map((upTo, index) => ({ upTo, price: (prices[index] ?? 0) / 1e9 })));

  test('each part is billed by the step that it falls into: as one by one', () => {
    fc.assert(
      fc.property(tiers, fc.nat(200), (steps, quantity) => {
        let slowly = 0;
        for (let unit = 0; unit < quantity; unit++) slowly += charge(1, steps.find(({ upTo }) => upTo === null || unit < upTo)?.price ?? NaN);
        expect(chargeTiers(quantity, steps)).toBe(slowly);
      }),
    );
  });

  test('more costs no less', () => {
    fc.assert(
      fc.property(tiers, fc.double({ min: 0, max: 2_000_000, noNaN: true }), fc.double({ min: 0, max: 100_000, noNaN: true }), (steps, quantity, extra) => {
        expect(chargeTiers(quantity + extra, steps)).toBeGreaterThanOrEqual(chargeTiers(quantity, steps));
      }),
    );
  });
});
