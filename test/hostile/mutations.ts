import { piecesOf, withChecksums } from './pieces.js';

/** From 0 to below 1. */
export type Random = () => number;

/** What is done to a file. @param other another file, of any format */
type Mutation = (file: Buffer, random: Random, other: Buffer) => Buffer;

/** Where signs, lengths and products turn over. */
const EXTREMES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

export const MUTATIONS = {
  'bit-flips': (file, random) => {
    const flipped = Buffer.from(file);
    for (let left = 1 + pick(random, 8); left > 0; left--) {
      const at = anywhere(flipped, random);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << pick(random, 8));
    }
    return flipped;
  },
  'byte-run': (file, random) => {
    const overwritten = Buffer.from(file);
    const at = anywhere(file, random);
    const noise = [0, 0xff, null][pick(random, 3)];
    for (let i = at; i < Math.min(file.length, at + 1 + pick(random, 64)); i++) overwritten[i] = noise ?? pick(random, 256);
    return overwritten;
  },
  truncation: (file, random) => file.subarray(0, pick(random, file.length)),
  'extreme-number': (file, random) => {
    const changed = Buffer.from(file);
    const value = EXTREMES[pick(random, EXTREMES.length)] ?? 0;
    const at = anywhere(file, random);
    if (at + 4 > file.length) return changed;
    const width = 1 + pick(random, 4);
    if (random() < 0.5) changed.writeUIntBE(value % 256 ** width, at, width);
    else changed.writeUIntLE(value % 256 ** width, at, width);
    return changed;
  },
  'other-size': (file, random) => {
    const changed = Buffer.from(file);
    const place = sizeAt(file);
    if (place === undefined) return changed;
    const { at, bytes, order } = place;
    const [first, second] = [at, at + bytes].map((from) => Buffer.from(file.subarray(from, from + bytes)));
    // Width and height in each other's place, or one of them another.
    if (random() < 0.3 && first !== undefined && second !== undefined) return changed.fill(second, at, at + bytes).fill(first, at + bytes, at + 2 * bytes);
    const value = random() < 0.5 ? (EXTREMES[pick(random, EXTREMES.length)] ?? 0) : pick(random, 20_000);
    const where = at + bytes * pick(random, 2);
    if (order === 'big') changed.writeUIntBE(value % 256 ** bytes, where, bytes);
    else changed.writeUIntLE(value % 256 ** bytes, where, bytes);
    return changed;
  },
  'piece-removed': (file, random) => {
    const pieces = piecesOf(file);
    return Buffer.concat(pieces.toSpliced(pick(random, pieces.length), 1));
  },
  'piece-repeated': (file, random) => {
    const pieces = piecesOf(file);
    const at = pick(random, pieces.length);
    const again = Array.from({ length: 1 + pick(random, random() < 0.1 ? 500 : 4) }, () => pieces[at] ?? Buffer.alloc(0));
    return Buffer.concat(pieces.toSpliced(at, 0, ...again));
  },
  'pieces-swapped': (file, random) => {
    const pieces = piecesOf(file);
    const [one, two] = [pick(random, pieces.length), pick(random, pieces.length)];
    return Buffer.concat(pieces.with(one, pieces[two] ?? file).with(two, pieces[one] ?? file));
  },
  'pieces-of-another': (file, random, other) => {
    const [mine, theirs] = [piecesOf(file), piecesOf(other)];
    const from = pick(random, theirs.length);
    return Buffer.concat(mine.toSpliced(pick(random, mine.length + 1), 0, ...theirs.slice(from, from + 1 + pick(random, 3))));
  },
  'spliced-files': (file, random, other) => Buffer.concat([file.subarray(0, pick(random, file.length)), other.subarray(pick(random, other.length))]),
} as const satisfies Record<string, Mutation>;

export type MutationName = keyof typeof MUTATIONS;

export const MUTATION_NAMES = Object.keys(MUTATIONS) as MutationName[];

/** One to three mutations, one after the other; half of the time with checksums that are right again. */
export function mutated(file: Buffer, random: Random, other: Buffer): { readonly bytes: Buffer; readonly done: readonly MutationName[] } {
  const done = Array.from({ length: 1 + pick(random, 3) }, () => MUTATION_NAMES[pick(random, MUTATION_NAMES.length)] ?? 'bit-flips');
  const bytes = done.reduce((before, name) => (before.length === 0 ? before : MUTATIONS[name](before, random, other)), file);
  return { bytes: random() < 0.5 ? withChecksums(bytes) : bytes, done };
}

/** A whole number from 0 to below `end`. */
export function pick(random: Random, end: number): number {
  return Math.floor(random() * end);
}

/** A place in a file; as often as not among its first bytes, where most is decided. */
function anywhere(file: Buffer, random: Random): number {
  return pick(random, random() < 0.5 ? Math.min(file.length, 200) : file.length);
}

/** Where a file says how wide and high it is, one number behind the other. */
function sizeAt(file: Buffer): { at: number; bytes: number; order: 'big' | 'little' } | undefined {
  const found = (at: number, bytes: number, order: 'big' | 'little') => (at + 2 * bytes <= file.length ? { at, bytes, order } : undefined);
  const head = file.toString('latin1', 0, 16);
  if (head.startsWith('\x89PNG')) return found(16, 4, 'big');
  if (head.startsWith('GIF8')) return found(6, 2, 'little');
  if (head.slice(12, 16) === 'VP8X') return found(24, 3, 'little');
  if (head.slice(12, 16) === 'VP8 ') return found(26, 2, 'little');
  const property = file.indexOf('ispe', 0, 'latin1');
  if (head.slice(4, 8) === 'ftyp' && property > 0) return found(property + 8, 4, 'big');
  if (!head.startsWith('\xff\xd8')) return undefined;
  let at = 0;
  for (const piece of piecesOf(file)) {
    // The start of a frame, whatever the coding: but C4, C8 and CC are others.
    const marker = piece[1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return found(at + 5, 2, 'big');
    at += piece.length;
  }
  return undefined;
}
