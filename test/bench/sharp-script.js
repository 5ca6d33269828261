/**
 * What one writes by hand with sharp: a pipeline for each variant, as many originals at a time as there are cores.
 *
 *     node test/bench/sharp-script.js LIST-OF-FILES OUT jpeg|webp
 */
import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import PQueue from 'p-queue';
import sharp from 'sharp';
import { QUALITY, SEVEN } from './specs.js';

const [list = '', out = '', format = 'jpeg'] = process.argv.slice(2);
for (const { name } of SEVEN) await mkdir(join(out, name), { recursive: true });
const queue = new PQueue({ concurrency: availableParallelism() });
for (const file of (await readFile(list, 'utf8')).trim().split('\n')) {
  void queue.add(async () => {
    for (const { name, width, fit } of SEVEN) {
      await sharp(file)
        .autoOrient()
        .resize({ width: width ?? undefined, height: width ?? undefined, fit, withoutEnlargement: true })
        .toFormat(format === 'webp' ? 'webp' : 'jpeg', { quality: QUALITY })
        .toFile(join(out, name, basename(file).replace(/\.\w+$/, format === 'webp' ? '.webp' : '.jpg')));
    }
  });
}
await queue.onIdle();
