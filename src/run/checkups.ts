import type { Checkup, Found } from '../model/checkup.js';
import { UserError } from '../model/user-error.js';

/** Something to look at, by its name. What a person has to mend is thrown as a UserError. */
export type Look = readonly [check: string, look: () => Promise<Found> | Found];

/** Looks at one after the other; that one fails keeps none of the others from being looked at. */
export async function* checkups(looks: readonly Look[]): AsyncGenerator<Checkup> {
  for (const [check, look] of looks) {
    try {
      yield { type: 'check', check, ...(await look()) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      yield { type: 'check', check, result: 'failed', detail: error.message };
    }
  }
}
