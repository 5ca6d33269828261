import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCloud, type Cloud } from './fanout.js';
import { imgvar, start, summaryOf } from './imgvar.js';
import { photo } from './pictures.js';

/** `npm run test:kills:lambda` kills thirty times. */
const KILLS = Number(process.env['IMGVAR_FANOUT_KILLS'] ?? 6);
const COUNT = KILLS * 40;
const SPECS = ['small', 'web'];

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ specs: { small: { width: 40 }, web: { width: 30, format: 'webp' } }, leaseSeconds: 5 });
});
afterAll(() => cloud.close());

test(`killed ${KILLS} times in the fan-out, a run comes to its end: all is there, whole, and no more was made twice than was in flight`, async () => {
  const { o, v, args } = cloud.place();
  for (let i = 0; i < COUNT; i++) await o.put(`${String(i).padStart(4, '0')}.jpg`, await photo(i));
  let sent = 0;
  let written = 0;
  cloud.onInvoke = (event) => {
    if (typeof event === 'object' && event !== null && 'jobs' in event && Array.isArray(event.jobs)) sent += event.jobs.length;
  };
  cloud.onRequest = ({ method, key }) => {
    if (method === 'PUT' && !key.includes('.imgvar/')) written += 1;
    return undefined;
  };
  const lambda = [...args, '--engine', 'lambda', '--concurrency', '2'];
  let told = 0;
  let killedInFlight = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const before = sent;
    const running = start(lambda, undefined, cloud.env);
    // Once it has sent something, at another moment each time.
    for (let waited = 0; sent === before && waited < 30_000 && running.child.exitCode === null; waited += 10) await sleep(10);
    await sleep((kill * 7919) % 400);
    running.child.kill('SIGKILL');
    const { stdout } = await running.ended;
    // A killed program's last line may be torn.
    const originals = new Set([...stdout.matchAll(/"type":"outcome","original":"([^"]+)".*"result":"made"/g)].map(([, key]) => key)).size;
    told += originals;
    if (sent - before > originals) killedInFlight += 1;
  }
  const before = sent;
  const last = await imgvar(lambda, undefined, cloud.env);
  expect(last.code, last.stderr).toBe(0);
  expect(summaryOf(last)).toMatchObject({ originals: COUNT, failed: 0, complete: true });
  // Nothing is lost, and nothing torn.
  const expected = SPECS.flatMap((spec) => Array.from({ length: COUNT }, (_, i) => `${spec}/${String(i).padStart(4, '0')}.jpg${spec === 'web' ? '.webp' : ''}`)).sort();
  expect(await v.keys()).toEqual(expected);
  for (const key of expected) await sharp(await v.read(key)).raw().toBuffer();
  // What was sent and not told of when it was killed may have been made twice, and nothing else.
  const inFlight = before - told;
  expect(written).toBeLessThanOrEqual((COUNT + inFlight) * SPECS.length);
  expect(killedInFlight).toBeGreaterThan(0);
  const again = await imgvar(lambda, undefined, cloud.env);
  expect(summaryOf(again)).toMatchObject({ due: 0, upToDate: COUNT });
}, 600_000);
