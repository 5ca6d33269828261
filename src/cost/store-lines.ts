import type { Requests } from '../model/requests.js';
import type { Traffic } from '../model/traffic.js';
import { GB, lineOf, merged, tieredLine, type Line } from './lines.js';
import { pricesOf, required, type Prices, type RegionPrices, type StorageClassPrices } from './prices.js';
import type { Share } from './workload.js';

/** Where things are, as far as it matters for the bill. Null: a folder, which costs nothing. */
export interface Places {
  /** The region of the bucket. */
  readonly originals: string | null;
  readonly variants: string | null;
  /** Whether the buckets are in two regions, whichever region's prices they are billed by. */
  readonly apart: boolean;
  /** The storage class that variants are written with. */
  readonly variantsClass: string;
}

export interface Billing {
  readonly prices: Prices;
  readonly places: Places;
  /** Whether the work is done in the originals' region, so that no byte goes out to the internet. */
  readonly inRegion: boolean;
  /** Whether what AWS gives away every month is still unused. */
  readonly freeTier: boolean;
  /** Whether each GET and PUT is also a request to KMS: SSE-KMS without bucket keys. */
  readonly kms: boolean;
}

/** What was, or is to be, done with the stores. */
export interface StoreUse {
  readonly traffic: Traffic;
  /** Of originals, by storage class: whose requests and bytes the GETs and HEADs are. */
  readonly classes: Readonly<Record<string, Share>>;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** GB that go out to the internet for nothing in a month. Source: AWS S3 pricing page. */
export const FREE_INTERNET_GB = 100;

/** Everything that S3 bills for this use. @throws UserError `price-missing` */
export function storeLines(use: StoreUse, billing: Billing): readonly Line[] {
  const { traffic } = use;
  const { originals, variants } = billing.places;
  return merged([
    ...(originals === null ? [] : originalsLines(use, originals, billing)),
    ...(variants === null ? [] : variantsLines(traffic.variants, variants, billing)),
    ...(variants === null ? [] : ownLines(traffic.own, variants, billing)),
    ...(billing.kms ? kmsLines(traffic, billing) : []),
    ...transferLines(use, billing),
  ]);
}

function originalsLines({ traffic, classes, bytesRead }: StoreUse, region: string, { prices }: Billing): Line[] {
  const { get, head, list, put } = traffic.originals;
  const known = pricesOf(prices, region);
  const s3 = required(known.s3, region, 's3');
  const standard = classPrices(known, region, 'STANDARD');
  const lines = [lineOf('list', list, s3.list), lineOf('put', put, standard.put)];
  // Which original a request was for is not counted; they are shared out as the originals are.
  const counted = Object.entries(classes).filter(([, share]) => share.originals > 0);
  // Nothing was worked on: what was asked for all the same is billed as Standard.
  const shares = counted.length > 0 ? counted : [['STANDARD', { originals: 1, bytes: 0 }] as const];
  const gets = sharedOut(get, shares.map(([, share]) => share.originals));
  const heads = sharedOut(head, shares.map(([, share]) => share.originals));
  const bytes = shares.reduce((sum, [, share]) => sum + share.bytes, 0);
  shares.forEach(([name, share], index) => {
    const figures = ownPrices(known, name) ?? standard;
    const retrieved = bytes === 0 ? 0 : (bytesRead * share.bytes) / bytes / GB;
    lines.push(lineOf('get', gets[index] ?? 0, figures.get), lineOf('head', heads[index] ?? 0, figures.get));
    if (figures.retrievalPerGb > 0) lines.push(lineOf('retrieval', retrieved, figures.retrievalPerGb));
  });
  return lines;
}

/** Whole numbers that are in the ratio of `weights`, as nearly as can be, and add up to `count`; none is negative. */
function sharedOut(count: number, weights: readonly number[]): readonly number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let weight = 0;
  let given = 0;
  return weights.map((own) => {
    weight += own;
    const before = given;
    given = Math.round((count * weight) / whole);
    return given - before;
  });
}

function variantsLines({ list, get, head, put }: Requests, region: string, { prices, places }: Billing): Line[] {
  const known = pricesOf(prices, region);
  const figures = classPrices(known, region, places.variantsClass);
  return [
    lineOf('list', list, required(known.s3, region, 's3').list),
    lineOf('get', get, figures.get),
    lineOf('look-up', head, figures.get),
    lineOf('put', put, figures.put),
  ];
}

/** Ledger, lock and checkpoint: always of the Standard class. */
function ownLines({ list, get, head, put }: Requests, region: string, { prices }: Billing): Line[] {
  const known = pricesOf(prices, region);
  const standard = classPrices(known, region, 'STANDARD');
  return [
    lineOf('own-put', put, standard.put),
    lineOf('own-put', list, required(known.s3, region, 's3').list),
    lineOf('own-get', get + head, standard.get),
  ];
}

/** One for each GET and PUT, whatever was read or written; a HEAD or LIST needs no key. */
function kmsLines({ originals, variants, own }: Traffic, { prices, places }: Billing): Line[] {
  const line = (region: string, requests: readonly Requests[]): Line => {
    const calls = requests.reduce((sum, { get, put }) => sum + get + put, 0);
    return lineOf('kms', calls, required(pricesOf(prices, region).kms, region, 'kms'));
  };
  return [
    ...(places.originals === null ? [] : [line(places.originals, [originals])]),
    ...(places.variants === null ? [] : [line(places.variants, [variants, own])]),
  ];
}

/** Bytes in are free; what is read goes out to the internet, unless the work is done where the originals are. */
function transferLines({ bytesRead, bytesWritten }: StoreUse, { prices, places, inRegion, freeTier }: Billing): Line[] {
  const { originals, apart } = places;
  if (originals === null) return [];
  const known = pricesOf(prices, originals);
  if (!inRegion) {
    const free = freeTier ? FREE_INTERNET_GB : 0;
    return [tieredLine('transfer-out', bytesRead / GB, required(known.internet, originals, 'internet'), free)];
  }
  if (!apart) return [];
  return [lineOf('transfer-between', bytesWritten / GB, required(known.interRegion, originals, 'interRegion'))];
}

/**
 * Of these classes of originals those that have no price. They are billed as Standard, so that one archived original among
 * millions does not keep anybody from knowing what they all cost. An assumption: a request for what is archived costs as much.
 */
export function billedAsStandard(classes: readonly string[], { prices, places: { originals } }: Pick<Billing, 'prices' | 'places'>): readonly string[] {
  if (originals === null) return [];
  const known = pricesOf(prices, originals);
  return classes.filter((name) => ownPrices(known, name) === undefined);
}

/** @throws UserError `price-missing` */
export function classPrices(known: RegionPrices, region: string, name: string): StorageClassPrices {
  required(known.s3, region, 's3');
  return required(ownPrices(known, name), region, `s3.classes.${name}`);
}

/** Names of classes are whatever a server says, so nothing is inherited. */
function ownPrices({ s3 }: RegionPrices, name: string): StorageClassPrices | undefined {
  return s3 !== undefined && Object.hasOwn(s3.classes, name) ? s3.classes[name] : undefined;
}
