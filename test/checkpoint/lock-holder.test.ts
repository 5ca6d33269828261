import { NO_REQUESTS } from '../../src/model/requests.js';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { expect, test } from 'vitest';
import { acquireLock, lockHolder } from '../../src/checkpoint/lock.js';
import { memoryStore } from '../../src/store/memory.js';
import type { OwnFiles } from '../../src/store/own-files.js';
import { HOST } from '../../src/store/process-id.js';

const SECONDS = 60;

/** A root whose lease was last renewed so many seconds ago; writing to it is an error. */
function leased(fields: object, secondsAgo: number): OwnFiles {
  const lease = { format: 1, run: 'r', machine: 'm', user: 'u', host: HOST, pid: process.pid, released: false, ...fields };
  const refuse = () => Promise.reject(new Error('it only looks'));
  return {
    location: 'v/.imgvar/',
    clockStep: 1,
    requests: NO_REQUESTS,
    list: async () => ['lock/000000000007'],
    read: async () => ({ bytes: Buffer.from(JSON.stringify(lease)), lastModified: Date.now() - secondsAgo * 1000 }),
    write: refuse,
    create: refuse,
    remove: refuse,
  };
}

const ended = spawnSync(process.execPath, ['-e', '']).pid;

test.each<[string, boolean, object, number]>([
  ['a process that lives here', true, {}, 5],
  ['a process that lives here, silent for long', true, {}, 600],
  ['a process of this host that has died', false, { pid: ended }, 5],
  ['another host, heard of lately', true, { host: 'other', pid: ended }, 5],
  ['another host, silent for longer than the lease', false, { host: 'other', pid: ended }, 61],
  ['one that was released', false, { released: true }, 5],
  ['what is no lease', false, { pid: 'x' }, 5],
])('%s holds the root: %s', async (_, holds, fields, secondsAgo) => {
  const holder = await lockHolder(leased(fields, secondsAgo), SECONDS);
  expect(holder).toEqual(holds ? { run: 'r', user: 'u', machine: 'm', pid: 'pid' in fields ? fields.pid : process.pid } : null);
});

test('from when it is taken until it is released', async () => {
  const { own } = memoryStore('variants');
  expect(await lockHolder(own, SECONDS)).toBeNull();
  const lock = await acquireLock(own, 'variants', 'run-1', SECONDS);
  expect(await lockHolder(own, SECONDS)).toMatchObject({ run: 'run-1', pid: process.pid });
  await lock.release();
  expect(await lockHolder(own, SECONDS)).toBeNull();
});
