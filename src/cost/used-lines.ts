import type { Invoked } from '../model/invoked.js';
import { invokedLines } from './lambda.js';
import { merged, type Line } from './lines.js';
import { storeLines, type Billing, type StoreUse } from './store-lines.js';

/** Everything that was, or is to be, used: what the stores bill, and what Lambda does. @throws UserError `price-missing` */
export function usedLines(use: StoreUse, invoked: Invoked, billing: Billing): readonly Line[] {
  const { prices, places, freeTier } = billing;
  const region = places.originals ?? places.variants;
  // From folder to folder, a function runs at home.
  return merged([...storeLines(use, billing), ...(region === null ? [] : invokedLines(invoked, { prices, region, freeTier }))]);
}
