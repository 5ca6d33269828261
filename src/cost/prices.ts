import { UserError } from '../model/user-error.js';

/**
 * What a volume costs in steps: each price holds up to a cumulative amount in a month, each a larger one;
 * the last has no end (null).
 */
export type Tiers = readonly { readonly upTo: number | null; readonly price: number }[];

export const ARCHITECTURES = ['arm64', 'x86_64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** Of one storage class; USD for one request, one GiB, one GiB a month. */
export interface StorageClassPrices {
  readonly put: number;
  readonly get: number;
  readonly retrievalPerGb: number;
  readonly storagePerGbMonth: Tiers;
  /** Smaller objects are billed as if they had so many bytes. */
  readonly minimumBytes: number;
}

/** Of one region. What is not known is left out: no figure is ever guessed. */
export interface RegionPrices {
  readonly s3?: {
    readonly list: number;
    readonly classes: Readonly<Record<string, StorageClassPrices>>;
  };
  readonly lambda?: {
    readonly request?: number;
    /** For a GB-second: memory in MB / 1024, times billed seconds; tiers in GB-seconds a month. */
    readonly gbSecond: Readonly<Partial<Record<Architecture, Tiers>>>;
  };
  /** For a GB out to the internet; tiers in GB a month, without the free first 100. */
  readonly internet?: Tiers;
  /** For a GB to another region. */
  readonly interRegion?: number;
  /** For a GB of logs taken in. */
  readonly logs?: number;
  readonly kms?: number;
  readonly batch?: { readonly job: number; readonly object: number };
  /** For one request to a standard queue. */
  readonly queue?: number;
  /** One machine to run the local engine on. */
  readonly machine?: { readonly name: string; readonly cores: number; readonly hour: number };
}

/** List prices in USD before tax and discounts; see docs/cost-model.md for the sources. */
export interface Prices {
  /** When they were taken together: shown with everything that is computed from them. */
  readonly date: string;
  readonly source: string;
  readonly regions: Readonly<Record<string, RegionPrices>>;
}

/** The prices of a region. @throws UserError `price-missing` */
export function pricesOf(prices: Prices, region: string): RegionPrices {
  const known = Object.hasOwn(prices.regions, region) ? prices.regions[region] : undefined;
  if (known !== undefined) return known;
  throw new UserError('price-missing', `There are no prices for the region "${region}"; name another with --price-region, or supply them with --prices FILE (see docs/cost-model.md).`);
}

/** What `reckon` gives, or the price that it cannot do without. */
export function orMissing<T>(reckon: () => T): T | UserError {
  try {
    return reckon();
  } catch (error) {
    if (error instanceof UserError && error.code === 'price-missing') return error;
    throw error;
  }
}

/** A figure that an estimate cannot do without. @param path where a prices file has it, within the region @throws UserError `price-missing` */
export function required<T>(figure: T | undefined, region: string, path: string): T {
  if (figure !== undefined) return figure;
  throw new UserError('price-missing', `The price "${path}" is not known for the region "${region}"; supply it with --prices FILE, as regions.${region}.${path} (see docs/cost-model.md).`);
}
