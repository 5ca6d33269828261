import type { Opened, Writing } from '../checkpoint/ledger.js';
import type { Store } from '../store/store.js';

/**
 * What a person should know where a ledger is begun. Without one nothing tells by which specs the variants that exist were made; who
 * says --adopt knows.
 *
 * @returns a sentence; null where there is nothing to tell
 */
export async function adoptedMessage({ isNew }: Opened, { variants, writing }: { readonly variants: Store; readonly writing: Writing }): Promise<string | null> {
  if (!isNew || writing.adopt === true) return null;
  for await (const page of variants.list('')) {
    if (page.length === 0) continue;
    return `There is no record of how the variants in ${variants.location} were made: those that exist are taken to be of the present specs.`;
  }
  return null;
}
