import type { z } from 'zod';
import { nearest } from './nearest.js';

/** How much of a wrong value is shown; in characters. */
const SHOWN = 60;

/** The fields that an object at a path may have. */
export type FieldsAt = (path: readonly PropertyKey[]) => readonly string[];

/** One line for each wrong field: its path, what was found, and what is allowed. */
export function problemsOf(error: z.ZodError, written: unknown, fieldsAt: FieldsAt): string[] {
  return error.issues.flatMap(innermost).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(issue.path, key, fieldsAt(issue.path)));
    const where = pathOf(issue.path);
    if (issue.code === 'custom') return [`${where}: ${issue.message}`];
    // A record's key is wrong, not the value that it leads to.
    if (issue.code === 'invalid_key') return [`${where}: the name is not allowed: ${issue.issues[0]?.message ?? issue.message}`];
    return [`${where}: found ${shown(valueAt(written, issue.path))}; allowed: ${issue.message}`];
  });
}

/** Where a value may be one of several kinds, and is of one of them with something wrong within, it is that which is told. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const within = issue.errors.find((issues) => issues.length > 0 && issues.every(({ path }) => path.length > 0));
  return within === undefined ? [issue] : within.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function unknownField(path: readonly PropertyKey[], key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  const hint = meant === null ? `the fields here are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return `${pathOf([...path, key])}: there is no such field; ${hint}`;
}

/** `specs.square-small.width`, `limits.allow[1]`; names that would not be readable so are quoted. */
export function pathOf(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w$-]+$/.test(String(step))) text += text === '' ? String(step) : `.${String(step)}`;
    else text += `[${shown(String(step))}]`;
  }
  return text === '' ? 'the file' : text;
}

function valueAt(written: unknown, path: readonly PropertyKey[]): unknown {
  let value = written;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  return value.length > SHOWN ? `${JSON.stringify(value.slice(0, SHOWN))}...` : JSON.stringify(value);
}
