import { randomBytes } from 'node:crypto';
import { lstat, unlink } from 'node:fs/promises';
import { HOST, isDead } from './process-id.js';

/** A short name of its own, not one made from the target's, which may already be as long as a name can be. */
const PREFIX = '.imgvar-tmp-';
const NAME = /^\.imgvar-tmp-([0-9a-f]{8})-(\d+)-/;

/** Far longer than any one write takes; and also than any clock is off, where a process with the writer's id lives, which may be another. */
const ABANDONED_AFTER_MS = { otherHost: 60 * 60 * 1000, ownHost: 7 * 24 * 60 * 60 * 1000 };

/** A name that no other writer has, and that says who is writing. */
export function tempName(): string {
  return `${PREFIX}${HOST}-${process.pid}-${randomBytes(6).toString('hex')}`;
}

export function isTempName(name: string): boolean {
  return name.startsWith(PREFIX);
}

/**
 * Removes a temporary file whose writer is gone: of this host is known which processes live, and of another host's writer
 * the file's age tells. Here it tells only after a week, as a file server's clock may be hours off. What cannot be removed
 * stays: it is never listed anyway.
 */
export async function sweepTemp(path: string, name: string): Promise<void> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile()) return;
    const [, host = '', pid] = NAME.exec(name) ?? [];
    const age = Date.now() - stats.mtimeMs;
    const abandoned = host === HOST ? isDead(host, Number(pid)) || age > ABANDONED_AFTER_MS.ownHost : age > ABANDONED_AFTER_MS.otherHost;
    if (abandoned) await unlink(path);
  } catch {
    // Its writer finished or another sweep was first; or the folder is not ours to change.
  }
}
