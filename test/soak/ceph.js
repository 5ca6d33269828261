import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import PQueue from 'p-queue';
import { startCeph } from '../servers/ceph.js';
import { originalKey } from './originals.js';

const KEYS = { AWS_ACCESS_KEY_ID: 'testkey', AWS_SECRET_ACCESS_KEY: 'testsecret', AWS_REGION: 'us-east-1' };

/**
 * Starts a Ceph, fills a bucket with the first so many originals of the folder, and does something with it.
 *
 * @template T
 * @param {number} count
 * @param {string} folder
 * @param {(job: { originals: string, variants: string, env: NodeJS.ProcessEnv }) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function onCeph(count, folder, work) {
  spawnSync(fileURLToPath(new URL('../servers/install.sh', import.meta.url)), { stdio: 'inherit' });
  const ceph = await startCeph();
  try {
    const env = { ...KEYS, AWS_ENDPOINT_URL: ceph.url };
    Object.assign(process.env, env);
    await fill(count, folder);
    return await work({ originals: 's3://originals', variants: 's3://variants', env });
  } finally {
    ceph.stop();
  }
}

/**
 * @param {number} count
 * @param {string} folder
 */
async function fill(count, folder) {
  const client = new S3Client({ forcePathStyle: true });
  for (const Bucket of ['originals', 'variants']) await client.send(new CreateBucketCommand({ Bucket }));
  const uploads = new PQueue({ concurrency: 16 });
  for (let i = 0; i < count; i++) {
    const key = originalKey(i);
    await uploads.onSizeLessThan(64);
    void uploads.add(async () => client.send(new PutObjectCommand({ Bucket: 'originals', Key: key, Body: await readFile(join(folder, key)) })));
  }
  await uploads.onIdle();
  client.destroy();
  console.log(`${count} originals uploaded`);
}
