import type { Terms } from '../checkpoint/run-record.js';
import { maxFailuresText, type MaxFailures } from '../run/max-failures.js';
import type { InvalidateOptions } from './invalidate.js';
import type { RunSettings } from './wire.js';

interface Chosen extends Pick<RunSettings, 'preset' | 'engine' | 'functionName'>, InvalidateOptions {
  readonly maxCost?: number | undefined;
  readonly maxFailures?: MaxFailures | undefined;
}

/** On what terms a run is begun, as they are typed: its record keeps them, and `imgvar status` says them to whoever goes on with it. */
export function termsOf({ preset, engine, functionName, maxCost, maxFailures, invalidate, distribution }: Chosen): Terms {
  const given = {
    preset,
    engine,
    function: functionName,
    // The command line takes no exponent.
    'max-cost': maxCost?.toFixed(9).replace(/\.?0+$/, ''),
    'max-failures': maxFailures && maxFailuresText(maxFailures),
    invalidate: invalidate === true ? '' : undefined,
    distribution,
  };
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}
