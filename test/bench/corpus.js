import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enlarged } from './photographs.js';

/** What people upload, as a mix: most are small, a few come from cameras. Of each size there are a few pictures. */
const MIX = [
  { share: 0.65, width: 800, height: 600, pictures: 5 },
  { share: 0.3, width: 1600, height: 1200, pictures: 4 },
  { share: 0.05, width: 4000, height: 3000, pictures: 2 },
];

/**
 * A folder of so many originals, kept for the next time.
 *
 * @param {number} count
 */
export async function corpus(count) {
  const folder = join(tmpdir(), `imgvar-bench-originals-${count}`);
  const existing = await readdir(folder).catch(() => []);
  if (existing.length === count) return folder;
  await mkdir(folder, { recursive: true });
  let made = 0;
  for (const { share, width, height, pictures } of MIX) {
    const files = [];
    for (let i = 0; i < pictures; i++) {
      const file = join(tmpdir(), `imgvar-bench-${width}-${i}.jpg`);
      await writeFile(file, await enlarged(width, height, 4 + 2 * i));
      files.push(file);
    }
    const last = share === MIX.at(-1)?.share ? count : made + Math.round(count * share);
    for (; made < last; made++) {
      // Spread over the order of the keys, as uploads are.
      const name = String((made * 7919) % count).padStart(6, '0');
      await copyFile(/** @type {string} */ (files[made % files.length]), join(folder, `${name}.jpg`));
    }
  }
  return folder;
}
