import { compareKeys } from '../model/key.js';
import { UserError } from '../model/user-error.js';

type Test<T> = (one: T) => boolean;

/** What comes one after the other; `any` stands for any number of whatever. */
type Pattern<T> = readonly ('any' | Test<T>)[];

/** Characters: an emoji is one, though JavaScript counts two. */
type Name = readonly string[];

/** How many patterns the braces of one glob may come to. */
const MOST = 1_000;

/** What a name in a glob is made of. */
const SIGN = /\\(?<kept>.)|(?<strange>[@?!+*]\(|\|)|(?<stars>\*+)(?!\()|(?<one>\?)|\[(?<not>[!^]?)(?<set>(?:\\.|[^\\])(?:\\.|[^\]\\])*)\]|(?<self>.)/gsu;

/**
 * Whether a key is as a glob says. As in a shell: `*` stays within a folder, `**` does not, `?` is one character, `{a,b}`
 * and `[ab]` are choices, a backslash takes what follows as it is, case counts, and a leading dot is nothing special. A glob
 * without `/` is matched against the last part of the key, in any folder.
 *
 * Keys are chosen by strangers. As a regular expression, a few stars try all the ways to share a key among them, which takes
 * hours for one of a thousand dashes; here a key takes at most as many steps as it and the patterns are long, multiplied.
 *
 * @throws UserError `usage` for what is not known here
 */
export function globMatcher(glob: string): Test<string> {
  if (glob === '') throw new UserError('usage', 'A glob of --include or --exclude is empty; leave it out, or name what it is to match.');
  const patterns = spelledOut(glob).map((text) => keyPattern(text, glob));
  const isWhole = glob.includes('/');
  return (key) => {
    // The mark of a folder is called as the folder.
    const names = key.replace(/\/$/, '').split('/');
    const given = (isWhole ? names : names.slice(-1)).map((name) => [...name]);
    return patterns.some((pattern) => fits(pattern, given));
  };
}

/**
 * An `any` takes as little as it can: what follows it is looked for from there on, and where that is found first is as good
 * as any place, as it leaves most to what comes then. So only the last `any` is ever given more.
 */
function fits<T>(pattern: Pattern<T>, all: readonly T[]): boolean {
  let at = 0;
  let next = 0;
  /** Behind the last `any`, and what is looked at first there; none yet. */
  let behind = -1;
  let from = 0;
  while (next < all.length) {
    const part = pattern[at];
    if (part === 'any') {
      at += 1;
      behind = at;
      from = next;
    } else if (part?.(all[next] as T) === true) {
      at += 1;
      next += 1;
    } else if (behind >= 0) {
      from += 1;
      at = behind;
      next = from;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every((part) => part === 'any');
}

/** What the braces of a glob come to: `a{b,c}` to `ab` and `ac`. Those that are no choice are taken as they are. */
function spelledOut(glob: string): string[] {
  const spelled: string[] = [];
  // Characters, each with the backslash before it. From the folder that keys are relative to, `./` leads nowhere else.
  const left: string[][] = [glob.replace(/^(\.\/)+/, '').match(/\\.|./gsu) ?? []];
  for (let signs = left.pop(); signs !== undefined; signs = left.pop()) {
    const end = signs.indexOf('}');
    if (end < 0) spelled.push(signs.join(''));
    else left.push(...withChoice(signs, signs.lastIndexOf('{', end), end, glob));
    if (spelled.length + left.length > MOST) throw unusable(glob, `its braces come to more than ${MOST} patterns; give several instead`);
  }
  return spelled;
}

/** @param begin of the innermost braces that end first; below 0 where there is only their end */
function withChoice(signs: readonly string[], begin: number, end: number, glob: string): string[][] {
  if (begin < 0) return [signs.with(end, '\\}')];
  const [before, inside, after] = [signs.slice(0, begin), signs.slice(begin + 1, end), signs.slice(end + 1)];
  if (inside.includes(',')) return choicesIn(inside).map((choice) => [...before, ...choice, ...after]);
  const text = inside.join('');
  if (text.includes('..')) throw unusable(glob, `ranges such as "{${text}}" are not known here; name what it stands for, as {1,2,3}`);
  return [[...before, '\\{', ...inside, '\\}', ...after]];
}

function choicesIn(inside: readonly string[]): string[][] {
  const choices: string[][] = [];
  let begin = 0;
  for (let end = inside.indexOf(','); end >= 0; end = inside.indexOf(',', begin)) {
    choices.push(inside.slice(begin, end));
    begin = end + 1;
  }
  return [...choices, inside.slice(begin)];
}

/** At the end `**` is at least one name: `a/**` is what is below `a`, and not `a` itself. */
function keyPattern(text: string, glob: string): Pattern<Name> {
  const names = text.split('/');
  if (names.at(-1) === '') throw unusable(glob, `it ends in "/", as no key does; write "${text}**" for all that is in there`);
  return names.flatMap((name, at): Pattern<Name> => {
    if (name !== '**') return [nameTest(name, glob)];
    return at < names.length - 1 ? ['any'] : ['any', () => true];
  });
}

function nameTest(name: string, glob: string): Test<Name> {
  const pattern: Pattern<string> = [...name.matchAll(SIGN)].map(({ groups = {} }) => signTest(groups, glob));
  return (given) => fits(pattern, given);
}

function signTest({ kept, strange, stars, one, not, set, self }: Readonly<Record<string, string | undefined>>, glob: string): Pattern<string>[number] {
  if (strange !== undefined) throw unusable(glob, `"${strange}" is not known here; write choices as {a,b}, and a backslash before what is meant as it stands`);
  if (stars !== undefined) return 'any';
  if (one !== undefined) return () => true;
  if (set !== undefined) return setTest(set, not !== '', glob);
  const sign = kept ?? self;
  return (character) => character === sign;
}

function setTest(set: string, isNot: boolean, glob: string): Test<string> {
  if (set.includes('[:')) throw unusable(glob, 'classes such as [:digit:] are not known here; write what they stand for, as [0-9]');
  const ranges = [...set.matchAll(/\\?(.)(?:-\\?(.))?/gsu)].map(([, from = '', to = from]) => ({ from, to }));
  return (character) => ranges.some(({ from, to }) => compareKeys(from, character) <= 0 && compareKeys(character, to) <= 0) !== isNot;
}

function unusable(glob: string, why: string): UserError {
  return new UserError('usage', `The glob "${glob}" cannot be used: ${why}.`);
}
