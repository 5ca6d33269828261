import { availableParallelism, tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Config } from '../config/load.js';
import type { Engine } from '../engine/engine.js';
import { localEngine } from '../engine/local.js';
import { folderStore } from '../store/folder.js';
import { graceSeconds } from './s3-settings.js';
import type { S3Settings } from '../store/s3-settings.js';
import type { Store } from '../store/store.js';

/** A folder for pictures that are needed for a moment. */
export interface Scratch {
  readonly store: Store;
  /** A file's path in it. */
  file(key: string): string;
  /** Makes variants of what is in a location into it, in processes of their own. */
  engineFrom(location: string, kind?: 'make' | 'trial'): Engine;
}

/** @param work is given the folder, which is gone when it ends */
export async function withScratch<T>(config: Config, s3: S3Settings, work: (scratch: Scratch) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'imgvar-'));
  const processes = availableParallelism();
  try {
    return await work({
      store: folderStore(folder),
      file: (key) => path.join(folder, key),
      engineFrom: (originals, kind = 'make') =>
        localEngine({ setup: { originals, variants: folder, s3, limits: config.limits }, concurrency: processes * 2, processes, memory: config.memory * 1e6, env: process.env, graceSeconds: graceSeconds(originals.startsWith('s3://') ? 's3' : 'folder', s3.timeoutSeconds), kind }),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
