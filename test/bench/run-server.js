/** The tests' S3 server with the files of a folder in the bucket `originals`; prints its address. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { startS3 } from '../s3/server.js';

const [folder = '', ...buckets] = process.argv.slice(2);
const server = await startS3({ buckets: ['originals', ...buckets] });
for (const name of await readdir(folder)) server.put('originals', name, await readFile(join(folder, name)));
console.log(server.url);
