import { z } from 'zod';
import { wholeNumber } from './spec-schema.js';

/** Nothing that is billed by the unit costs more; USD. It keeps sums within what whole nanodollars can hold. */
const MAX_PRICE = 1000;

const PRICE_WORDS = `a number of USD from 0 to ${MAX_PRICE}`;
const UP_TO_WORDS = 'a number above 0, or null for the last tier';

const price = z.number({ error: PRICE_WORDS }).min(0, { error: PRICE_WORDS, abort: true }).max(MAX_PRICE, { error: PRICE_WORDS, abort: true });

const tier = z.strictObject(
  { upTo: z.number({ error: UP_TO_WORDS }).positive({ error: UP_TO_WORDS, abort: true }).nullable(), price },
  { error: 'an object with the fields upTo and price' },
);

const TIERS_WORDS = `${PRICE_WORDS}, or a list of one or more tiers`;

const tierList = z.array(tier, { error: TIERS_WORDS }).refine((list) => list.length > 0, { error: TIERS_WORDS, abort: true }).superRefine((list, context) => {
  list.forEach(({ upTo }, index) => {
    const path = [index, 'upTo'];
    const before = list[index - 1]?.upTo ?? 0;
    const last = index === list.length - 1;
    if (last && upTo !== null) context.addIssue({ code: 'custom', path, message: `found ${upTo}; allowed: null, as the last tier has no end` });
    if (!last && upTo === null) context.addIssue({ code: 'custom', path, message: 'found null; allowed: a number above 0, as a tier follows' });
    if (!last && upTo !== null && upTo <= before) context.addIssue({ code: 'custom', path, message: `found ${upTo}; allowed: a number above ${before}, where the tier before it ends` });
  });
});

/** One price for any amount, or steps. */
const tiers = z.union([price.transform((only) => [{ upTo: null, price: only }]), tierList], { error: TIERS_WORDS });

const shape = {
  class: { put: price, get: price, retrievalPerGb: price, storagePerGbMonth: tiers, minimumBytes: wholeNumber(0, 2 ** 30) },
  s3: { list: price },
  gbSecond: { arm64: tiers.optional(), x86_64: tiers.optional() },
  lambda: { request: price.optional() },
  batch: { job: price, object: price },
  machine: { name: z.string({ error: 'a text' }).regex(/^[^\p{C}]{1,40}$/u, { error: 'a text of 1 to 40 characters' }), cores: wholeNumber(1, 1024), hour: price },
  region: { internet: tiers.optional(), interRegion: price.optional(), logs: price.optional(), kms: price.optional(), queue: price.optional() },
};

const CLASS_WORDS = 'a storage class in capital letters, such as "STANDARD_IA"';
const REGION_WORDS = 'a region such as "eu-west-1"';

function object<Shape extends z.ZodRawShape>(fields: Shape) {
  return z.strictObject(fields, { error: `an object with the fields ${Object.keys(fields).join(', ')}` });
}

function byClass<Prices extends z.ZodType>(prices: Prices) {
  return z
    .record(z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/, { error: CLASS_WORDS }), prices, { error: 'an object: prices for each storage class' })
    .refine((classes) => Object.keys(classes).length > 0, { error: 'there must be at least one storage class' });
}

/** A region as it must be when what is written has been put over what was known. */
const wholeRegion = object({
  ...shape.region,
  s3: object({ ...shape.s3, classes: byClass(object(shape.class)) }).optional(),
  lambda: object({ ...shape.lambda, gbSecond: object(shape.gbSecond) }).optional(),
  batch: object(shape.batch).optional(),
  machine: object(shape.machine).optional(),
});

/** As people write it over what is known: any of the fields, and at least one. */
function someOf<Shape extends z.ZodRawShape>(fields: Shape) {
  // What is wrong with the fields is said already.
  const when = ({ issues }: { issues: readonly unknown[] }) => issues.length === 0;
  return object(fields).partial().refine((figures) => Object.keys(figures).length > 0, { error: 'there must be at least one figure', when });
}

const writtenRegion = someOf({
  ...shape.region,
  s3: someOf({ ...shape.s3, classes: byClass(someOf(shape.class)) }),
  lambda: someOf({ ...shape.lambda, gbSecond: someOf(shape.gbSecond) }),
  batch: someOf(shape.batch),
  machine: someOf(shape.machine),
});

export const wholePricesSchema = z.object({ regions: z.record(z.string(), wholeRegion) });

const SOURCE_WORDS = 'a text of 1 to 200 characters that says where the prices are from';

/** A prices file: whatever it does not name stays as it is. */
export const pricesFileSchema = object({
  date: z.iso.date({ error: 'the date of the prices, such as "2026-11-25"' }),
  source: z.string({ error: SOURCE_WORDS }).regex(/^[^\p{C}]{1,200}$/u, { error: SOURCE_WORDS }),
  regions: z
    .record(z.string().regex(/^[a-z0-9-]{1,40}$/, { error: REGION_WORDS }), writtenRegion, { error: 'an object: prices for each region' })
    .refine((regions) => Object.keys(regions).length > 0, { error: 'there must be at least one region' }),
});

/** The fields that an object at this path of a prices file may have. */
export function pricesFieldsAt(path: readonly PropertyKey[]): readonly string[] {
  const [, , group, name, within] = path;
  if (typeof path.at(-1) === 'number') return Object.keys(tier.shape);
  if (path.length === 0) return Object.keys(pricesFileSchema.shape);
  if (group === undefined) return Object.keys(wholeRegion.shape);
  if (group === 's3') return name === undefined ? [...Object.keys(shape.s3), 'classes'] : within === undefined ? [] : Object.keys(shape.class);
  if (group === 'lambda') return name === undefined ? [...Object.keys(shape.lambda), 'gbSecond'] : Object.keys(shape.gbSecond);
  return group === 'batch' ? Object.keys(shape.batch) : Object.keys(shape.machine);
}
