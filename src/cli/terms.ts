import type { Terms } from '../checkpoint/run-record.js';
import { maxFailuresText, type MaxFailures } from '../run/max-failures.js';
import type { InvalidateOptions } from './invalidate.js';
import type { PricingSettings } from './pricing.js';
import type { RunSettings } from './wire.js';

interface Chosen extends Pick<RunSettings, 'preset' | 'engine' | 'functionName'>, PricingSettings, InvalidateOptions {
  readonly maxCost?: number | undefined;
  readonly maxFailures?: MaxFailures | undefined;
}

/** On what terms a run is begun, as they are typed: its record keeps them, and `imgvar status` says them to whoever goes on with it. */
export function termsOf(chosen: Chosen): Terms {
  const { preset, engine, functionName, maxCost, maxFailures, prices, priceRegion, inRegion, freeTier, kms, invalidate, distribution } = chosen;
  const given = {
    preset,
    engine,
    function: functionName,
    // The command line takes no exponent.
    'max-cost': maxCost?.toFixed(9).replace(/\.?0+$/, ''),
    'max-failures': maxFailures && maxFailuresText(maxFailures),
    // By these, what earlier sessions have spent is reckoned once more.
    prices,
    'price-region': priceRegion,
    'in-region': flag(inRegion),
    'free-tier': flag(freeTier),
    kms: flag(kms),
    invalidate: flag(invalidate),
    distribution,
  };
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/** One that takes no value is the empty text. */
function flag(given: boolean | undefined): string | undefined {
  return given === true ? '' : undefined;
}
