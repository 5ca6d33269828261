import type { Prices, RegionPrices, StorageClassPrices, Tiers } from './prices.js';
import { REGION_ROWS, type Row } from './region-rows.js';

/** Storage classes that are billed for at least so many bytes of an object. Source: AWS S3 pricing page. */
const MINIMUM_BYTES: Readonly<Record<string, number>> = { STANDARD_IA: 131_072, ONEZONE_IA: 131_072, GLACIER_IR: 131_072 };

const CLASSES = ['STANDARD', 'INTELLIGENT_TIERING', 'STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR'] as const;

/** In GB, where the prices out to the internet change: 10 TB, the next 40 TB, the next 100 TB. */
const INTERNET_STEPS = [10_240, 51_200, 153_600];

/**
 * What is known of us-east-1 alone. Tiers of Lambda: Infracost's tests, and the AWSLambda offer of 2026-09-19. Batch
 * Operations: AWS S3 pricing page. SQS and logs: Infracost's tests. KMS: a public S3 pricing guide of 2026-10-03. The
 * machine: c5.large on demand with Linux, from public tables of EC2 prices; two vCPUs.
 */
const US_EAST_1: Partial<RegionPrices> = {
  logs: 0.5,
  kms: 0.000003,
  batch: { job: 0.25, object: 0.000001 },
  queue: 0.0000004,
  machine: { name: 'c5.large', cores: 2, hour: 0.085 },
  lambda: {
    request: 0.0000002,
    gbSecond: {
      x86_64: [
        { upTo: 6e9, price: 0.0000166667 },
        { upTo: 15e9, price: 0.000015 },
        { upTo: null, price: 0.0000133334 },
      ],
      arm64: [
        { upTo: 7.5e9, price: 0.0000133334 },
        { upTo: 18.75e9, price: 0.0000120001 },
        { upTo: null, price: 0.0000106667 },
      ],
    },
  },
};

/** Storage of us-east-1 beyond the first 50 TB. Source: AWS S3 pricing page. */
const US_EAST_1_STANDARD: Tiers = [
  { upTo: 51_200, price: 0.023 },
  { upTo: 512_000, price: 0.022 },
  { upTo: null, price: 0.021 },
];

/**
 * The list prices that come with imgvar. Where only the first tier of a price is known it holds for any amount, so that
 * very large ones are shown dearer than they are, never cheaper.
 */
export const LIST_PRICES: Prices = {
  date: '2026-10-03',
  source: 'AWS list prices, collected from public copies of 2024-09 to 2026-10',
  regions: Object.fromEntries(Object.entries(REGION_ROWS).map(([name, row]) => [name, regionOf(name, row)])),
};

function regionOf(name: string, row: Row): RegionPrices {
  const classes = Object.fromEntries(CLASSES.map((storageClass) => [storageClass, classOf(storageClass, row)]));
  const known: RegionPrices = {
    s3: { list: row.list, classes },
    internet: row.internet.map((price, step) => ({ upTo: row.internet.length - 1 === step ? null : (INTERNET_STEPS[step] ?? null), price })),
    ...(row.lambda === undefined ? {} : { lambda: lambdaOf(row.lambda) }),
    ...(row.interRegion === undefined ? {} : { interRegion: row.interRegion }),
  };
  if (name !== 'us-east-1') return known;
  const standard = classes['STANDARD'];
  if (standard === undefined) throw new Error('us-east-1 has no Standard class');
  return { ...known, ...US_EAST_1, s3: { list: row.list, classes: { ...classes, STANDARD: { ...standard, storagePerGbMonth: US_EAST_1_STANDARD } } } };
}

function classOf(name: (typeof CLASSES)[number], row: Row): StorageClassPrices {
  const [put, get, retrievalPerGb, storage] = row[name];
  return { put, get, retrievalPerGb, storagePerGbMonth: [{ upTo: null, price: storage }], minimumBytes: MINIMUM_BYTES[name] ?? 0 };
}

function lambdaOf({ request, x86_64: x86, arm64 }: NonNullable<Row['lambda']>): NonNullable<RegionPrices['lambda']> {
  const one = (price: number): Tiers => [{ upTo: null, price }];
  return { ...(request === null ? {} : { request }), gbSecond: { x86_64: one(x86), ...(arm64 === null ? {} : { arm64: one(arm64) }) } };
}
