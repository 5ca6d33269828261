import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Endpoint } from '../s3/suite.js';

/** A server that was started for the tests of one file. */
export interface Running extends Endpoint {
  stop(): void;
}

/** Whether all these programs are installed. */
export function installed(...programs: readonly string[]): boolean {
  return programs.every((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0);
}

/** Whether this machine's Python has moto. */
export function hasMoto(): boolean {
  return spawnSync('python3', ['-c', 'import moto.server']).status === 0;
}

/** https://docs.getmoto.org: an S3 in Python, in memory. */
export async function startMoto(): Promise<Running> {
  const port = await freePort();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  return { url, stop: () => void child.kill() };
}

const CEPH = fileURLToPath(new URL('ceph-rgw.sh', import.meta.url));

const MENDED = fileURLToPath(new URL('mended-moto.py', import.meta.url));

/** moto with what a deployment needs and it lacks; the script says what that is. */
export async function startMendedMoto(): Promise<Running> {
  const port = await freePort();
  const child = spawn('python3', [MENDED, '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  return { url, stop: () => void child.kill() };
}

/** A Ceph with further users beside the one of the environment. */
export interface RunningCeph extends Running {
  /** Makes a user; its ARN in policies is `arn:aws:iam:::user/NAME`. */
  addUser(name: string): { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** kill -9 of what speaks S3; what it has stored stays. */
  killGateway(): void;
  restartGateway(): void;
  /** Stops what stores (SIGSTOP) and lets it go on (SIGCONT): requests hang. */
  signalStorage(signal: 'SIGSTOP' | 'SIGCONT'): void;
}

/** https://docs.ceph.com/en/latest/radosgw: a real object store, on one node. */
export async function startCeph(): Promise<RunningCeph> {
  const folder = join(mkdtempSync(join(tmpdir(), 'imgvar-ceph-')), 'ceph');
  const port = await freePort();
  const stop = (): void => void spawnSync(CEPH, ['stop', folder]);
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

const RIC = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'imgvar/aws-lambda-ric/node_modules/aws-lambda-ric');

/** The runtime client of AWS for Lambda's own images, as a program; undefined where it is not installed. */
export function lambdaRuntime(): readonly string[] | undefined {
  return existsSync(join(RIC, 'rapid-client.node')) ? [process.execPath, join(RIC, 'index.mjs')] : undefined;
}

/**
 * Ceph's monitor takes the one 6,000 above. Both are below 32,768, where systems take ports for connections that go out: among
 * those, one may be taken by a test that runs beside.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 6_000);
    if ((await isFree(port)) && (await isFree(port + 6_000))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const free = await Promise.race([once(server, 'listening').then(() => true), once(server, 'error').then(() => false)]);
  server.close();
  return free;
}

async function answers(url: string): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (await fetch(url).then(() => true, () => false)) return;
    await sleep(100);
  }
  throw new Error(`nothing answers at ${url}`);
}
