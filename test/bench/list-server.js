/** The tests' S3 server with buckets of so many generated keys, whose listings wait; prints its address. */
import process from 'node:process';
import { dated, hashes, skewed } from '../s3/key-sets.js';
import { startS3 } from '../s3/server.js';

const [length, delay] = process.argv.slice(2).map(Number);
const count = length ?? 0;
const server = await startS3({ buckets: [], delay, listed: { hashes: hashes(count), dated: dated(count), skewed: skewed(count) } });
console.log(server.url);
