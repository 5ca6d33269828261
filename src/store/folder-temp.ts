import { randomBytes } from 'node:crypto';
import { lstat, unlink } from 'node:fs/promises';
import { HOST, isDead } from './process-id.js';

/** A short name of its own, not one made from the target's, which may already be as long as a name can be. */
const PREFIX = '.imgvar-tmp-';
const NAME = /^\.imgvar-tmp-([0-9a-f]{8})-(\d+)-/;

/** Far longer than any one write takes. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** A name that no other writer has, and that says who is writing. */
export function tempName(): string {
  return `${PREFIX}${HOST}-${process.pid}-${randomBytes(6).toString('hex')}`;
}

export function isTempName(name: string): boolean {
  return name.startsWith(PREFIX);
}

/**
 * Removes a temporary file whose writer is gone: of this host is known which processes live, and of another host's writer
 * the file's age tells. Never the age alone, as a file server's clock may be hours off. What cannot be removed stays: it is
 * never listed anyway.
 */
export async function sweepTemp(path: string, name: string): Promise<void> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile()) return;
    const [, host = '', pid] = NAME.exec(name) ?? [];
    const abandoned = host === HOST ? isDead(host, Number(pid)) : Date.now() - stats.mtimeMs > ABANDONED_AFTER_MS;
    if (abandoned) await unlink(path);
  } catch {
    // Its writer finished or another sweep was first; or the folder is not ours to change.
  }
}
