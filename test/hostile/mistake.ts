import { UserError } from '../../src/model/user-error.js';

/** What came of it, or the code of the mistake that was told; anything else that is thrown is a bug, and goes on. */
export async function valueOrMistake<T>(work: () => Promise<T> | T): Promise<{ readonly value: T } | { readonly mistake: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof UserError) return { mistake: error.code };
    throw error;
  }
}
