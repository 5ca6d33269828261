import type { Kind } from './world.js';

const UGLY = [
  'with space.jpg', 'a+b.jpg', 'a%2Fb.jpg', 'a#b.jpg', 'a?b=c&d.jpg', '😀.jpg', 'e\u0301.jpg', '\u00e9.jpg', '.hidden.jpg', '..jpg', '...',
  'new\nline.jpg', '\u001b[31mred.jpg', 'back\\slash.jpg', "quote'\".jpg", '-rf.jpg', '--json', 'no-extension', 'UPPER.JPG', '__proto__', '*?[x].jpg',
  `${'n'.repeat(251)}.jpg`, 'sub/😀/x.jpg', 'a.d/b.jpg', 'a!/b.jpg', 'a-/b.jpg', `${'long/'.repeat(179)}x.jpg`,
];

/** Not as files. */
const UGLY_IN_BUCKETS = ['/leading.jpg', 'a//b.jpg', `${'m'.repeat(900)}.jpg`, 'a', 'a/b'];

/** What a server is known not to do, or not fast. */
export interface Gaps {
  /** Only that the job is done at all: everything about it is tried between other places. */
  readonly brief?: boolean;
  /** It cannot find keys with a line break. */
  readonly lineBreaks?: boolean;
  /** How many originals a run that is stopped has. Default: as many as take a while. */
  readonly many?: number;
}

/** Keys that both sides can hold. */
export function uglyKeys(from: Kind, to: Kind, gaps: Gaps): string[] {
  const keys = from === 'bucket' && to === 'bucket' ? [...UGLY, ...UGLY_IN_BUCKETS] : UGLY;
  return keys.filter((key) => gaps.lineBreaks !== true || !key.includes('\n'));
}

/** With the prefix of a world it is a key, of at most 1,024 bytes; with the name of a spec as well it is none. */
const TOO_LONG_WITH_SPEC = `${'m'.repeat(1006)}.jpg`;

/** Keys of a bucket that nobody can write safely, or not the other side. */
export function refusedKeys(to: Kind): string[] {
  const nowhere = ['../up.jpg', 'a/../b.jpg', './a.jpg', 'a/..'];
  const notThere = to === 'folder' ? ['/leading.jpg', 'a//b.jpg', `${'n'.repeat(256)}.jpg`] : [TOO_LONG_WITH_SPEC];
  return [...nowhere, ...notThere];
}
