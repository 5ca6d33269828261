import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Milliseconds since 1970 by some clock; further away there is no date, in JavaScript (8.64e15). */
export const timeSchema = z.number().min(-8.64e15).max(8.64e15);

/** What imgvar writes into a file of its own: with a sum, by which a changed byte is noticed later. */
export function sealed<T extends object>(value: T): T & { readonly sum: string } {
  return { ...value, sum: sumOf(value) };
}

/**
 * What is in a file of imgvar's own; undefined if that is not what imgvar wrote.
 *
 * @param text JSON; what an earlier version wrote has no sum
 */
export function parseOwn<T>(text: string | Buffer, schema: z.ZodType<T>): T | undefined {
  try {
    const written: unknown = JSON.parse(text.toString());
    if (typeof written !== 'object' || written === null) return undefined;
    const { sum, ...value } = written as Record<string, unknown>;
    if (sum !== undefined && sum !== sumOf(value)) return undefined;
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** It guards against disks and editors, not against people. */
function sumOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
