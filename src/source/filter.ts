import { isRefused, type Listed } from '../model/original.js';
import { globMatcher } from './glob.js';

/** Which originals a run is about. */
export interface Filter {
  /** What a key begins with; it narrows the listing itself. Empty for all. */
  readonly prefix: string;
  /** At least one must match, if there are any. */
  readonly include: readonly string[];
  /** None may match. */
  readonly exclude: readonly string[];
  /** Last modified then or later, in milliseconds since 1970, by the originals' own times; null for any time. */
  readonly since: number | null;
  /** Bytes; null for no limit. */
  readonly minSize: number | null;
  readonly maxSize: number | null;
}

export const EVERYTHING: Filter = { prefix: '', include: [], exclude: [], since: null, minSize: null, maxSize: null };

/** What is refused has neither time nor size, and is told whatever these are. */
export function originalFilter(filter: Filter): (original: Listed) => boolean {
  const { since, minSize, maxSize } = filter;
  const acceptsKey = keyFilter(filter);
  return (original) => {
    if (!acceptsKey(original.key)) return false;
    if (isRefused(original)) return true;
    const { size, lastModified } = original;
    return lastModified >= (since ?? -Infinity) && size >= (minSize ?? 0) && size <= (maxSize ?? Infinity);
  };
}

/** By its beginning and by globs. @throws UserError `usage` for a glob that cannot be used */
export function keyFilter({ prefix, include, exclude }: Pick<Filter, 'prefix' | 'include' | 'exclude'>): (key: string) => boolean {
  const included = include.map(globMatcher);
  const excluded = exclude.map(globMatcher);
  return (key) =>
    key.startsWith(prefix) &&
    (included.length === 0 || included.some((matches) => matches(key))) &&
    !excluded.some((matches) => matches(key));
}
