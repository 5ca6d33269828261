import { COLD_START_SECONDS } from '../cost/lambda.js';
import { billedAsStandard, type Billing } from '../cost/store-lines.js';
import { INVOCATION, LATENCY_SECONDS, WAITING_SECONDS } from '../cost/ways.js';
import type { Estimated } from '../model/events.js';
import type { Pricing } from './pricing.js';

/** Everything that an estimate stands on and that could be otherwise, by name. @param classes that the originals are of */
export function assumptionsOf(billing: Billing, { here, fanout }: Pricing, classes: readonly string[]): Estimated['assumptions'] {
  const { prices, places, inRegion, freeTier, kms } = billing;
  const asStandard = billedAsStandard(classes, billing);
  const { originals, variants, variantsClass } = places;
  const buckets = originals !== null || variants !== null;
  return {
    cores: here.cores,
    ...(buckets
      ? {
          pricesDate: prices.date,
          pricesSource: prices.source,
          ...(originals === null ? {} : { originalsRegion: originals, downloadsGoOut: !inRegion }),
          ...(variants === null ? {} : { variantsRegion: variants, variantsClass }),
          ...(asStandard.length === 0 ? {} : { billedAsStandard: [...asStandard].sort().join(', ') }),
          freeTier,
          kms,
          connections: here.connections,
          latencySeconds: inRegion ? LATENCY_SECONDS.inRegion : LATENCY_SECONDS.away,
          lambdaMemoryMb: fanout.memoryMb,
          lambdaArchitecture: fanout.architecture,
          lambdaConcurrency: fanout.concurrency,
          lambdaWaitingSeconds: WAITING_SECONDS,
          lambdaColdStartSeconds: COLD_START_SECONDS,
          lambdaInvocationSeconds: INVOCATION.seconds,
        }
      : {}),
  };
}
