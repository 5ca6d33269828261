/**
 * The scenario for real: so many originals of 27 kB on average, all different and cut from real photographs, seven variants
 * each, from folder to folder; killed three times and gone on with; verified at the end. What was seen each second is
 * written to soak.json, from which `npm run plot:soak` draws.
 *
 *     npm run soak                              20,000 originals: ten minutes on two cores, 4 GB of disk
 *     npm run soak -- 300000                    the whole scenario: 8 GB of originals and 50 GB of variants
 *     npm run soak -- 20000 --ceph 5000         5,000 of them from bucket to bucket as well, on a Ceph of its own
 *
 * Files are in IMGVAR_SOAK_FOLDER, where originals are kept for the next time, or in a temporary folder that is removed.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { campaign } from './campaign.js';
import { onCeph } from './ceph.js';
import { makeOriginals } from './originals.js';

const { values, positionals } = parseArgs({ options: { ceph: { type: 'string', default: '0' } }, allowPositionals: true });
const count = Number(positionals[0] ?? 20_000);
const inBucket = Number(values.ceph);
const kept = process.env['IMGVAR_SOAK_FOLDER'];
const folder = kept ?? (await mkdtemp(join(tmpdir(), 'imgvar-soak-')));
const originals = join(folder, `originals-${count}`);
const variants = join(folder, 'variants');

try {
  await mkdir(originals, { recursive: true });
  console.log(`making ${count} originals`);
  await makeOriginals(originals, count);
  const bytes = await bytesIn(originals);
  console.log(`${count} originals, ${(bytes / 1e9).toFixed(2)} GB, ${Math.round(bytes / count / 100) / 10} kB on average`);
  estimateOnLambda(Math.round(bytes / count));
  await rm(variants, { recursive: true, force: true });
  await mkdir(variants);
  const campaigns = [await campaign({ name: 'folder to folder', count, originals, variants, env: {} })];
  if (inBucket > 0) campaigns.push(await onCeph(inBucket, originals, (job) => campaign({ ...job, name: 'bucket to bucket', count: inBucket })));
  await writeFile('soak.json', JSON.stringify(campaigns));
  console.log('soak.json has what was seen each second; npm run plot:soak draws it.');
} finally {
  await rm(kept === undefined ? folder : variants, { recursive: true, force: true });
}

/** @param {string} root */
async function bytesIn(root) {
  let sum = 0;
  for (const part of await readdir(root)) {
    const files = await readdir(join(root, part));
    for (const { size } of await Promise.all(files.map((file) => stat(join(root, part, file))))) sum += size;
  }
  return sum;
}

/** What Lambda would cost, beside it. @param {number} average */
function estimateOnLambda(average) {
  const words = ['bin/imgvar.js', 'estimate', '--scenario', 'levels', '--count', String(count), '--per-original', '7', '--avg-bytes', String(average)];
  console.log(`imgvar ${words.slice(1).join(' ')}`);
  spawnSync(process.execPath, words, { stdio: 'inherit' });
}
