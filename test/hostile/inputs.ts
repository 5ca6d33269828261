import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { seeded } from '../cost/seeded.js';
import { photo } from '../corpus/pictures.js';
import { mutated, pick } from './mutations.js';
import { seeds } from './seeds.js';

/** One original of a hostile folder. */
export interface Input {
  /** Its key, which says what was done to which file. */
  readonly key: string;
  readonly bytes: Buffer;
  /** Nothing was done to it, and all of its variants are to be made. */
  readonly good: boolean;
}

/** Every so many inputs a good photograph, which must come through whatever stands beside it. */
const GOOD_EVERY = 25;

/** Names may lie. */
const ENDINGS = ['.jpg', '.png', '.webp', '.gif', '.avif', '.tiff', '.svg', '.heic', '.pdf', ''];

/** The same inputs for the same seed, in the order of their keys. */
export async function* mutatedInputs(seed: number, count: number): AsyncGenerator<Input> {
  const random = seeded(seed);
  const files = await seeds();
  for (let i = 0; i < count; i++) {
    const number = String(i).padStart(6, '0');
    if (i % GOOD_EVERY === 0) yield { key: `${number}-good.jpg`, bytes: await photo('rocket.jpg'), good: true };
    const [file, other] = [files[pick(random, files.length)], files[pick(random, files.length)]];
    if (file === undefined || other === undefined) throw new Error('there are no seeds');
    const { bytes, done } = mutated(file.bytes, random, other.bytes);
    const { name, ext } = path.parse(file.name);
    const ending = random() < 0.2 ? (ENDINGS[pick(random, ENDINGS.length)] ?? '') : ext;
    yield { key: `${number}-${name}.${done.join('+')}${ending}`, bytes, good: false };
  }
}

/** A larger file of a suite is no test of a decoder. */
const LARGEST = 4 * 1024 * 1024;

/** Every file below a folder of test images that others made, under a name that tells where it is from. */
export async function* suiteInputs(folder: string): AsyncGenerator<Input> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)).sort();
  let number = 0;
  for (const file of files) {
    if ((await stat(file)).size > LARGEST) continue;
    const name = path.relative(folder, file).replaceAll(path.sep, '!').slice(-180);
    if (number % GOOD_EVERY === 0) yield { key: `${String(number).padStart(6, '0')}-good.jpg`, bytes: await photo('rocket.jpg'), good: true };
    yield { key: `${String(number).padStart(6, '0')}-${name}`, bytes: await readFile(file), good: false };
    number += 1;
  }
}
