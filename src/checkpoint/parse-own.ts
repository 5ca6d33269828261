import type { z } from 'zod';

/** What is in a file of imgvar's own; undefined if that is not what imgvar wrote. */
export function parseOwn<T>(bytes: Buffer, schema: z.ZodType<T>): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(bytes.toString()));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
