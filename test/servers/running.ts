import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Endpoint } from '../s3/suite.js';
import { freePort } from './ceph.js';

/** A server that was started for the tests of one file. */
export interface Running extends Endpoint {
  stop(): void;
}

/** Whether all these programs are installed. */
export function installed(...programs: readonly string[]): boolean {
  return programs.every((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0);
}

/** Whether Ceph's object store can be started here. */
export function hasCeph(): boolean {
  return installed('ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin');
}

/** Whether this machine's Python has moto. */
export function hasMoto(): boolean {
  return spawnSync('python3', ['-c', 'import moto.server']).status === 0;
}

const MENDED = fileURLToPath(new URL('mended-moto.py', import.meta.url));

/** https://docs.getmoto.org: an S3 in Python, in memory, and more of AWS; with what the tests need and it lacks, as the script says. */
export async function startMoto(): Promise<Running> {
  const port = await freePort();
  const child = spawn('python3', [MENDED, '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await answers(url);
  return { url, stop: () => void child.kill() };
}

const RIC = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'imgvar/aws-lambda-ric/node_modules/aws-lambda-ric');

/** The runtime client of AWS for Lambda's own images, as a program; undefined where it is not installed. */
export function lambdaRuntime(): readonly string[] | undefined {
  return existsSync(join(RIC, 'rapid-client.node')) ? [process.execPath, join(RIC, 'index.mjs')] : undefined;
}

async function answers(url: string): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (await fetch(url).then(() => true, () => false)) return;
    await sleep(100);
  }
  throw new Error(`nothing answers at ${url}`);
}
