import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const CEPH = fileURLToPath(new URL('ceph-rgw.sh', import.meta.url));

/**
 * A Ceph that runs, with further users beside the one of the environment (testkey, testsecret). `addUser` makes one; its ARN
 * in policies is `arn:aws:iam:::user/NAME`. `killGateway` is a kill -9 of what speaks S3; what it has stored stays.
 * `signalStorage` stops what stores (SIGSTOP) and lets it go on (SIGCONT): requests hang.
 *
 * @typedef {object} RunningCeph
 * @property {string} url
 * @property {() => void} stop
 * @property {(name: string) => { readonly accessKeyId: string, readonly secretAccessKey: string }} addUser
 * @property {() => void} killGateway
 * @property {() => void} restartGateway
 * @property {(signal: 'SIGSTOP' | 'SIGCONT') => void} signalStorage
 */

/**
 * https://docs.ceph.com/en/latest/radosgw: a real object store, on one node.
 *
 * @returns {Promise<RunningCeph>}
 */
export async function startCeph() {
  const folder = join(mkdtempSync(join(tmpdir(), 'imgvar-ceph-')), 'ceph');
  const port = await freePort();
  const stop = () => void spawnSync(CEPH, ['stop', folder]);
  const { status, stderr } = spawnSync(CEPH, ['start', folder, String(port)], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (status !== 0) {
    stop();
    throw new Error(`Ceph did not come up: ${stderr}`);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    stop,
    killGateway: () => void spawnSync(CEPH, ['kill-gateway', folder]),
    restartGateway: () => void spawnSync(CEPH, ['start-gateway', folder, String(port)], { stdio: 'ignore' }),
    signalStorage: (signal) => void process.kill(Number(readFileSync(join(folder, 'osd.pid'), 'utf8')), signal),
    addUser(name) {
      const keys = { accessKeyId: `${name}key`, secretAccessKey: `${name}secret` };
      const args = ['user', 'create', `--uid=${name}`, `--display-name=${name}`, `--access-key=${keys.accessKeyId}`, `--secret-key=${keys.secretAccessKey}`];
      const made = spawnSync('radosgw-admin', ['-c', join(folder, 'ceph.conf'), ...args], { encoding: 'utf8', env: { ...process.env, CEPH_CONF: join(folder, 'ceph.conf'), PATH: `/usr/bin:/usr/sbin:${process.env['PATH']}` } });
      if (made.status !== 0) throw new Error(`no user ${name}: ${made.stderr}`);
      return keys;
    },
  };
}

/**
 * Ceph's monitor takes the one 6,000 above. Both are below 32,768, where systems take ports for connections that go out: among
 * those, one may be taken by a test that runs beside.
 */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 6_000);
    if ((await isFree(port)) && (await isFree(port + 6_000))) return port;
  }
}

/** @param {number} port */
async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await Promise.race([once(server, 'listening').then(() => true), once(server, 'error').then(() => false)]);
  server.close();
  return free;
}
