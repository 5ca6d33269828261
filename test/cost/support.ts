import type { Requests } from '../../src/model/requests.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { NO_TRAFFIC, type Traffic } from '../../src/model/traffic.js';
import { UserError } from '../../src/model/user-error.js';
import { lineInUsd, type Line } from '../../src/cost/lines.js';
import type { Item } from '../../src/model/estimate.js';
import { LIST_PRICES } from '../../src/cost/list-prices.js';
import type { Billing, Places } from '../../src/cost/store-lines.js';
import type { Undertaking } from '../../src/cost/ways.js';
import { NO_WORK, type Workload } from '../../src/cost/workload.js';

export const GIB = 2 ** 30;

/** Both sides in buckets of a region, the work is done there, and nothing is given away. */
export function billing(region: string, fields: Partial<Omit<Billing, 'places'>> & { places?: Partial<Places> } = {}): Billing {
  const { places, ...rest } = fields;
  const { originals, variants } = { originals: region, variants: region, ...places };
  const apart = originals !== null && variants !== null && originals !== variants;
  return { prices: LIST_PRICES, inRegion: true, freeTier: false, kms: false, ...rest, places: { variantsClass: 'STANDARD', apart, ...places, originals, variants } };
}

export function requests(fields: Partial<Requests>): Requests {
  return { ...NO_REQUESTS, ...fields };
}

export function traffic(fields: { [side in keyof Traffic]?: Partial<Requests> }): Traffic {
  return { originals: requests(fields.originals ?? {}), variants: requests(fields.variants ?? {}), own: requests(fields.own ?? {}) };
}

/** What is billed, in USD, by item; lines of one item at several prices are added up. */
export function usd(lines: readonly Line[]): Partial<Record<Item, number>> {
  const amounts = new Map<Item, number>();
  for (const { item, amount } of lines) amounts.set(item, (amounts.get(item) ?? 0) + amount);
  return Object.fromEntries([...amounts].map(([item, amount]) => [item, amount / 1e9]));
}

export function lineNamed(lines: readonly Line[], item: Item): ReturnType<typeof lineInUsd> {
  const found = lines.filter((line) => line.item === item);
  const [line] = found;
  if (line === undefined || found.length > 1) throw new Error(`${found.length} lines for ${item}`);
  return lineInUsd(line);
}

/** So many originals of a class and a size, each of which takes as long and gives as many bytes. */
export function work(originals: number, { bytes = 0, storageClass = 'STANDARD' }: { bytes?: number; storageClass?: string } = {}): Workload {
  return { ...NO_WORK, originals, variants: originals, bytes: originals * bytes, classes: { [storageClass]: { originals, bytes: originals * bytes } } };
}

export function undertaking(fields: Partial<Undertaking> & Pick<Undertaking, 'billing'>): Undertaking {
  return {
    workload: NO_WORK,
    cpuSeconds: 0,
    outputBytes: 0,
    traffic: NO_TRAFFIC,
    lookUps: 0,
    here: { cores: 4, connections: 50 },
    fanout: { memoryMb: 1024, architecture: 'arm64', concurrency: 1000 },
    ...fields,
  };
}

/** The code of the user's mistake that it is. */
export function codeOf(wrong: () => unknown): string {
  try {
    wrong();
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
  return 'nothing was wrong';
}
