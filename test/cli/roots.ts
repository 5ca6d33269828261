import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { startS3, type Fault, type S3Request, type S3Server } from '../s3/server.js';
import { filesIn, imgvar, start, workspace, type Ended, type Running } from './imgvar.js';
import { bucketSide, folderSide, type Side } from './sides.js';

export type Kind = 'folder' | 'bucket';

type Before = (request: S3Request) => Fault | undefined | Promise<Fault | undefined>;

/** Originals and variants of one kind, and imgvar for them. */
export interface Roots {
  readonly o: Side;
  readonly v: Side;
  readonly server: S3Server;
  imgvar(...args: string[]): Promise<Ended>;
  /** `imgvar reprocess` with both locations and one spec. */
  reprocess(...args: string[]): Promise<Ended>;
  start(...args: string[]): Running;
  /** As a shell takes a line that was shown. */
  line(text: string): Promise<Ended>;
  /** What happens to requests from now on. */
  during(next: Before): void;
  /** Every file or object of the variants, with its time and content, imgvar's own as well. */
  snapshot(): Promise<unknown>;
}

export async function roots(kind: Kind, originals: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Roots> {
  let before: Before = () => undefined;
  const server = await startS3({ buckets: ['originals', 'variants'], before: (request) => before(request) });
  onTestFinished(() => server.close());
  const cwd = await workspace({ 'imgvar.config.json': JSON.stringify({ specs: { small: { width: 20 }, web: { width: 30, format: 'webp' } } }) });
  const side = (name: string): Side => (kind === 'folder' ? folderSide(path.join(cwd, name)) : bucketSide(server, name, 'of it/'));
  const [o, v] = [side('originals'), side('variants')];
  for (const [key, content] of Object.entries(originals)) await o.put(key, content);
  const env = { AWS_ENDPOINT_URL: server.url };
  const words = (args: string[]): string[] => ['reprocess', o.location, v.location, '--only', 'small', ...args];
  return {
    o,
    v,
    server,
    imgvar: (...args) => imgvar(args, cwd, env),
    reprocess: (...args) => imgvar(words(args), cwd, env),
    start: (...args) => start(words(args), cwd, env),
    line: (text) => imgvar(wordsOf(text), cwd, env),
    during: (next) => (before = next),
    async snapshot() {
      if (kind === 'bucket') {
        const objects = [...(server.buckets.get('variants') ?? [])];
        return { puts: server.counts.put, others: server.counts.other, objects: objects.map(([key, { etag, lastModified }]) => [key, etag, lastModified]) };
      }
      const files = await filesIn(cwd);
      return Promise.all(files.map(async (file) => [file, (await stat(path.join(cwd, file))).mtimeMs, await readFile(path.join(cwd, file), 'latin1')]));
    },
  };
}

/** `imgvar a 'b c'` -> a, b c. */
function wordsOf(text: string): string[] {
  return [...text.trim().matchAll(/'([^']*)'|([^\s']+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(1);
}
