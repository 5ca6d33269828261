/** Compares two images in a process of its own, as `likeness.ts` asks. */
import { readFile } from 'node:fs/promises';
import { configureImageLibrary } from '../image/configure.js';
import { likeness } from '../image/likeness.js';

process.on('disconnect', () => process.exit(0));
process.on('message', ({ one, other }: { readonly one: string; readonly other: string }) => {
  compare(one, other).then(
    (ssim) => process.send?.({ ssim }),
    () => process.send?.({ ssim: null }),
  );
});

configureImageLibrary();

async function compare(one: string, other: string): Promise<number | null> {
  return likeness(await readFile(one), await readFile(other));
}
