import type { z } from 'zod';
import { UserError } from '../model/user-error.js';
import { pathOf, problemsOf, type FieldsAt } from './problems.js';
import type { FileKind } from './read-file.js';

/** What a schema makes of what a person wrote. @param file its path, or what else it is from @throws UserError with every wrong field and its path */
export function checkWritten<Schema extends z.ZodType>(schema: Schema, written: unknown, file: string, kind: FileKind, fieldsAt: FieldsAt): z.output<Schema> {
  const checked = schema.safeParse(written);
  if (!checked.success) throw invalid(file, kind, problemsOf(checked.error, written, fieldsAt));
  const hidden = [...protoPaths(written)].map((path) => `${pathOf(path)}: the name is not allowed`);
  if (hidden.length > 0) throw invalid(file, kind, hidden);
  return checked.data;
}

function invalid(file: string, { invalid: code }: FileKind, problems: readonly string[]): UserError {
  const message =
    problems.length === 1 ? `${file}: ${problems.join().replace(/[^?]$/, '$&.')}` : `${file} has ${problems.length} mistakes:\n  ${problems.join('\n  ')}`;
  return new UserError(code, message);
}

/** Schemas of records pass over this one name, as it can be set on no plain object. */
function* protoPaths(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (!isObject(value)) return;
  for (const [name, part] of Object.entries(value)) {
    if (name === '__proto__') yield [...path, name];
    else yield* protoPaths(part, [...path, name]);
  }
}

/** Whether it is an object of JSON, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
