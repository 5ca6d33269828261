import { NOTHING_INVOKED, type Invoked } from '../model/invoked.js';
import { NO_REQUESTS } from '../model/requests.js';
import { UserError } from '../model/user-error.js';
import { orMissing } from './prices.js';
import { usedLines } from './used-lines.js';
import type { Billing } from './store-lines.js';

const ONE = { ...NO_REQUESTS, get: 1, head: 1, put: 1, list: 1 };

/** The first price that a bill of these stores could need and does not have; null: none. @param invoked what Lambda does for it */
export function missingPrice(billing: Billing, invoked: Invoked = NOTHING_INVOKED): UserError | null {
  const use = { traffic: { originals: ONE, variants: ONE, own: ONE }, classes: {}, bytesRead: 1, bytesWritten: 1 };
  const lines = orMissing(() => usedLines(use, invoked, billing));
  return lines instanceof UserError ? lines : null;
}
