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
    if (fork !== undefined) return spread(await branches(ask, low, fork, upTo), most);
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

/**
 * Of the keys where `low` and others part: in its own branch, from the fork's key on, and in the branch of `upTo`. Where
 * there are many between, those two do not matter.
 */
async function branches(ask: FirstAfter, low: string, { depth, key: first }: Fork, upTo: string | null): Promise<Branch[]> {
  const common = [...low].slice(0, depth).join('');
  const next = (key: string): number => key.codePointAt(common.length) ?? 0;
  const until = upTo?.startsWith(common) === true ? upTo : null;
  const between = startsUnder(common, next(first), until === null ? null : next(until), 1);
  const few = between.length <= FEW;
  const before = few ? startsInBranch(common, low, 'after') : [];
  const last = few && until !== null ? startsInBranch(common, until, 'before') : [];
  const middle = { text: first, weight: until !== null && next(first) === next(until) ? PART : 1 };
  const starts = [...before, middle, ...between, ...last];
  const keys = await Promise.all(starts.map(async ({ text }) => (text === first ? first : ask(text))));
  const found: Branch[] = [];
  for (const [i, { weight }] of starts.entries()) {
    const key = keys[i];
    const previous = found.at(-1)?.key;
    if (key === undefined || (previous !== undefined && compareKeys(key, previous) < 0)) continue;
    // Nothing was between this start and the one before: what both found is this one's.
    if (key === previous) found.pop();
    found.push({ key, weight });
  }
  return found;
}

/** So few starts between the first and the last branch that they are a large part themselves. */
const FEW = 3;

/** What a start within a branch weighs against one of a whole branch. */
const PART = 1 / 36;

interface TextStart {
  readonly text: string;
  readonly weight: number;
}

function startsUnder(common: string, low: number, high: number | null, scale: number): TextStart[] {
  return startsWithin(low, high).map(({ point, weight }) => ({ text: common + String.fromCodePoint(point), weight: weight * scale }));
}

/** Within the branch that `key` is in, on one side of it. */
function startsInBranch(common: string, key: string, side: 'after' | 'before'): TextStart[] {
  const [character = '', deeper = ''] = key.slice(common.length);
  const point = deeper.codePointAt(0);
  if (point === undefined) return [];
  return side === 'after' ? startsUnder(common + character, point, null, PART) : startsUnder(common + character, FIRST_USUAL, point, PART);
}

/** Before digits and letters. */
const FIRST_USUAL = 0x2f;

/** The keys nearest to where equal parts would end, the branch before the first one counted as well. */
function spread(found: readonly Branch[], most: number): string[] {
  let below = PART;
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

/** Over `from`, up to `to`, with steps that grow: keys mostly part at once, so that these two leave nothing to ask. */
function growing(from: number, to: number): number[] {
  const lengths: number[] = [];
  for (let step = 1; from + step < to; step = step === 1 ? 2 : step * 4) lengths.push(from + step);
  return from < to ? [...lengths, to] : [];
}

/** Up to three between. */
function evenly(from: number, to: number): number[] {
  const lengths = [1, 2, 3].map((quarter) => from + Math.round(((to - from) * quarter) / 4));
  return [...new Set(lengths)].filter((length) => length > from && length < to);
}
