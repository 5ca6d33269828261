import { compareKeys } from '../model/key.js';
import { startsWithin } from './split-starts.js';

/** The first key after a text, as a listing gives it; undefined if there is none. */
export type FirstAfter = (text: string) => Promise<string | undefined>;

/** Where the keys of a range part: they share what is before, and `key` is the first beyond the branch of the first. */
interface Fork {
  /** In code points. */
  readonly depth: number;
  readonly key: string;
}

interface Bounds {
  readonly after: string;
  readonly upTo: string | null;
}

/**
 * See Store.split. A store tells only which key comes first after a text, so the keys are felt for: first how far all of
 * them begin alike, then which characters come next. Questions that do not wait for each other are asked together: it
 * takes two to four round trips.
 */
export async function splitKeys(firstAfter: FirstAfter, prefix: string, { after, upTo }: Bounds, most: number): Promise<string[]> {
  const ask: FirstAfter = async (text) => {
    const key = await firstAfter(text);
    return key !== undefined && compareKeys(key, after) > 0 && (upTo === null || compareKeys(key, upTo) < 0) ? key : undefined;
  };
  let low: string | undefined = after.startsWith(prefix) ? after : await ask(after);
  // Where everything begins with `low`, the keys part farther on, after the first of them.
  for (let attempt = 0; attempt < 3 && low !== undefined; attempt++) {
    const fork = await firstFork(ask, prefix, [...low], upTo);
    if (fork !== undefined) return spread(await branches(ask, [...low].slice(0, fork.depth).join(''), fork.key, upTo), most);
    low = await ask(low);
  }
  return [];
}

/** Undefined where everything in the range begins with `low`. */
async function firstFork(ask: FirstAfter, prefix: string, low: readonly string[], upTo: string | null): Promise<Fork | undefined> {
  const beyond = async (length: number): Promise<Fork | undefined> => {
    const key = await ask(low.slice(0, length - 1).join('') + successor(low[length - 1] ?? ''));
    const depth = key === undefined ? length : sharedLength(low, key);
    return key === undefined || depth >= length ? undefined : { depth, key };
  };
  /** So long are beginnings of `low` beyond which nothing is. */
  let alike = Math.max([...prefix].length, upTo === null ? 0 : sharedLength(low, upTo));
  let fork: Fork | undefined;
  let lengths = growing(alike, low.length);
  while (lengths.length > 0) {
    const found = await Promise.all(lengths.map(beyond));
    for (const [i, length] of lengths.entries()) {
      const here = found[i];
      if (here === undefined) alike = Math.max(alike, length);
      else if (fork === undefined || here.depth < fork.depth) fork = here;
    }
    lengths = fork === undefined ? [] : evenly(alike, fork.depth + 1);
  }
  return fork;
}

/** The first key of some that go on alike. */
interface Branch {
  readonly key: string;
  /** How many keys may be there, against others. */
  readonly weight: number;
}

/** Of the keys that begin with `common`, from `first` on. */
async function branches(ask: FirstAfter, common: string, first: string, upTo: string | null): Promise<Branch[]> {
  const next = (key: string): number => key.codePointAt(common.length) ?? 0;
  const starts = startsWithin(next(first), upTo?.startsWith(common) === true ? next(upTo) : null);
  const keys = await Promise.all(starts.map(({ point }) => ask(common + String.fromCodePoint(point))));
  const found: Branch[] = [{ key: first, weight: 1 }];
  for (const [i, { weight }] of starts.entries()) {
    const key = keys[i];
    if (key === undefined || compareKeys(key, first) <= 0) continue;
    // Nothing was between this start and the one before: what both found is this one's.
    if (key === found.at(-1)?.key) found.pop();
    found.push({ key, weight });
  }
  return found;
}

/** The keys nearest to where equal parts would end, the branch before the first one counted as well. */
function spread(found: readonly Branch[], most: number): string[] {
  let below = 1;
  const ends = found.map(({ key, weight }) => ({ key, at: (below += weight) - weight }));
  const chosen = new Set<string>();
  for (let part = 1; part <= most; part++) {
    const ideal = (below * part) / (most + 1);
    const nearest = ends.reduce((best, end) => (Math.abs(end.at - ideal) < Math.abs(best.at - ideal) ? end : best));
    chosen.add(nearest.key);
  }
  return ends.map(({ key }) => key).filter((key) => chosen.has(key));
}

function sharedLength(points: readonly string[], text: string): number {
  let length = 0;
  for (const point of text) {
    if (points[length] !== point) break;
    length += 1;
  }
  return length;
}

/** The next character; surrogates are none. After the last, two of it: nothing real is beyond. */
function successor(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  if (point === 0x10ffff) return character + character;
  return String.fromCodePoint(point === 0xd7ff ? 0xe000 : point + 1);
}

/** Over `from`, up to `to`, with steps that grow: keys mostly part early. */
function growing(from: number, to: number): number[] {
  const lengths: number[] = [];
  for (let step = 1; from + step < to; step *= 4) lengths.push(from + step);
  return from < to ? [...lengths, to] : [];
}

/** Up to three between. */
function evenly(from: number, to: number): number[] {
  const lengths = [1, 2, 3].map((quarter) => from + Math.round(((to - from) * quarter) / 4));
  return [...new Set(lengths)].filter((length) => length > from && length < to);
}
