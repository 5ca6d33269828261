import picomatch from 'picomatch';

/** Which originals a run is about, by their keys. */
export interface Filter {
  /** What a key begins with; it narrows the listing itself. Empty for all. */
  readonly prefix: string;
  /** At least one must match, if there are any. */
  readonly include: readonly string[];
  /** None may match. */
  readonly exclude: readonly string[];
}

export const EVERYTHING: Filter = { prefix: '', include: [], exclude: [] };

/**
 * Globs as in a shell: `*` stays within a folder, `**` does not, `{a,b}` and `[ab]` are choices, case counts, and a
 * leading dot is nothing special. A pattern without `/` is matched against the last part of the key, in any folder.
 */
export function keyFilter({ prefix, include, exclude }: Filter): (key: string) => boolean {
  const included = include.map(matcher);
  const excluded = exclude.map(matcher);
  return (key) =>
    key.startsWith(prefix) &&
    (included.length === 0 || included.some((matches) => matches(key))) &&
    !excluded.some((matches) => matches(key));
}

function matcher(glob: string): (key: string) => boolean {
  return picomatch(glob, { dot: true, basename: !glob.includes('/'), nonegate: true, windows: false, flags: 's' });
}
