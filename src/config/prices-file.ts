import path from 'node:path';
import { LIST_PRICES } from '../cost/list-prices.js';
import type { Prices, RegionPrices } from '../cost/prices.js';
import { checkWritten, isObject } from './check.js';
import { pricesFieldsAt, pricesFileSchema, wholePricesSchema } from './prices-schema.js';
import { readJsonFile, type FileKind } from './read-file.js';

const PRICES_FILE: FileKind = {
  name: 'prices file',
  invalid: 'prices-invalid',
  notFound: 'prices-invalid',
  remedy: 'its shape is in docs/cost-model.md.',
};

/**
 * The list prices, with each figure that a file names in its place: a discount, or a region that they
 * do not have. docs/cost-model.md has the file's shape.
 *
 * @param file relative to `cwd`
 * @throws UserError `prices-invalid`: every wrong field with its path, and whatever a region then still lacks
 */
export async function loadPrices(file: string, cwd: string): Promise<Prices> {
  const absolute = path.resolve(cwd, file);
  const written = checkWritten(pricesFileSchema, await readJsonFile(absolute, PRICES_FILE), absolute, PRICES_FILE, pricesFieldsAt);
  const over = { regions: Object.fromEntries(Object.entries(written.regions).map(([name, figures]) => [name, putOver(listed(name), figures)])) };
  const { regions } = checkWritten(wholePricesSchema, over, absolute, PRICES_FILE, pricesFieldsAt);
  return {
    date: written.date,
    source: `${written.source}; what that does not name: ${LIST_PRICES.source}, put together on ${LIST_PRICES.date}`,
    regions: { ...LIST_PRICES.regions, ...regions },
  };
}

function listed(region: string): RegionPrices {
  return Object.hasOwn(LIST_PRICES.regions, region) ? (LIST_PRICES.regions[region] ?? {}) : {};
}

/** Objects field by field; anything else, and tiers as a whole, takes the place of what was there. */
function putOver(below: unknown, above: unknown): unknown {
  if (!isObject(below) || !isObject(above)) return above;
  const both = { ...below };
  for (const [name, figure] of Object.entries(above)) both[name] = putOver(Object.hasOwn(below, name) ? below[name] : undefined, figure);
  return both;
}
