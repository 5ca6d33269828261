/**
 * The plan over ten million originals, which are made up as they are listed: how fast, in how much memory, how large the
 * checkpoint gets, and how soon a run that was killed at nine tenths is back at work.
 *
 *     npm run bench:plan                 10,000,000 originals, seven specs
 *     npm run bench:plan -- 1000000      fewer
 */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const count = process.argv[2] ?? '10000000';
const pass = fileURLToPath(new URL('plan-pass.js', import.meta.url));

for (const [what, ...args] of [
  ['all up to date, mode due', 'due', '0'],
  ['every original due, mode all', 'all', '0'],
  ['gone on with at nine tenths, mode all', 'all', '0.9'],
]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [pass, count, ...args], { encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(stderr);
  const { seconds, planned, rss, checkpoint, firstJob, listed } = JSON.parse(stdout);
  console.log(`${Number(count).toLocaleString('en-US')} originals x 7 specs, ${what}`);
  console.log(`  ${seconds.toFixed(1)} s, ${Math.round(planned / seconds).toLocaleString('en-US')} originals/s, peak memory ${rss} MB`);
  console.log(`  checkpoint ${checkpoint} bytes; ${listed.toLocaleString('en-US')} originals listed${firstJob === null ? '' : `; first job after ${firstJob.toFixed(2)} s`}`);
}
