import { availableParallelism, tmpdir } from 'node:os';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Config } from '../config/load.js';
import type { Engine } from '../engine/engine.js';
import { localEngine } from '../engine/local.js';
import { UserError } from '../model/user-error.js';
import { folderStore } from '../store/folder.js';
import { ExitCode } from './exit-code.js';
import { onInterrupt } from './interrupt.js';
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

/**
 * @param work is given the folder, which is gone when it ends, also where Ctrl-C ends the program
 * @throws UserError `location-unwritable`
 */
export async function withScratch<T>(config: Config, s3: S3Settings, work: (scratch: Scratch) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder();
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clear);
  const end = (): void => process.exit(interrupt.exitCode ?? ExitCode.bug);
  const interrupt = onInterrupt(end, end);
  const processes = availableParallelism();
  try {
    return await work({
      store: folderStore(folder),
      file: (key) => path.join(folder, key),
      engineFrom: (originals, kind = 'make') =>
        localEngine({ setup: { originals, variants: folder, s3, limits: config.limits }, concurrency: processes * 2, processes, memory: config.memory * 1e6, env: process.env, graceSeconds: graceSeconds(originals.startsWith('s3://') ? 's3' : 'folder', s3.timeoutSeconds), kind }),
    });
  } finally {
    interrupt.release();
    process.off('exit', clear);
    clear();
  }
}

async function temporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(path.join(tmpdir(), 'imgvar-'));
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new UserError('location-unwritable', `${tmpdir()} takes no temporary files (${String(error.code)}); set TMPDIR to a folder that does.`);
  }
}
