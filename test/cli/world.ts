import path from 'node:path';
import { imgvar, start, workspace, type Ended, type Running } from './imgvar.js';
import { folderSide, type Side } from './sides.js';

export type Kind = 'folder' | 'bucket';

/** Originals and variants, and imgvar for them. */
export interface World {
  readonly o: Side;
  readonly v: Side;
  /** Runs imgvar with the words, the two locations, and these. */
  run(command: 'reprocess' | string[], ...args: string[]): Promise<Ended>;
  start(...args: string[]): Running;
}

/** Where the buckets `originals` and `variants` are. */
export interface Buckets {
  readonly url: string;
  /** @param prefix ends in a slash */
  side(bucket: string, prefix: string): Side;
}

export type OpenWorld = (originals?: Readonly<Record<string, string | Uint8Array>>) => Promise<World>;

let worlds = 0;

/** @param buckets called when they are up */
export function worldsOf(from: Kind, to: Kind, buckets: () => Buckets): OpenWorld {
  return async (originals = {}) => {
    const cwd = await workspace();
    const prefix = `world ${String(worlds++).padStart(4, '0')}/`;
    const { url, side: bucketSide } = buckets();
    const side = (kind: Kind, name: string): Side => (kind === 'folder' ? folderSide(path.join(cwd, name)) : bucketSide(name, prefix));
    const o = side(from, 'originals');
    const v = side(to, 'variants');
    for (const [key, content] of Object.entries(originals)) await o.put(key, content);
    const env = { AWS_ENDPOINT_URL: url };
    return {
      o,
      v,
      run: (command, ...args) =>
        imgvar(command === 'reprocess' ? ['reprocess', o.location, v.location, ...args] : [...command, '--from', o.location, '--to', v.location, ...args], cwd, env),
      start: (...args) => start(['reprocess', o.location, v.location, ...args], cwd, env),
    };
  };
}
