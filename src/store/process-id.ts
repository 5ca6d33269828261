import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Tells which processes the process ids here are of. Two containers may share a host name, and a machine may come up
 * again with the same ids, so the kernel's own names are part of it where there are some.
 */
export const HOST = createHash('sha256')
  .update(hostname())
  .update(orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')))
  .update(orEmpty(() => readlinkSync('/proc/self/ns/pid')))
  .digest('hex')
  .slice(0, 8);

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** Whether a process is known to have ended; of another host's nothing is known. */
export function isDead(host: string, pid: number): boolean {
  if (host !== HOST) return false;
  try {
    process.kill(pid, 0);
    return isZombie(pid);
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** It has ended, and only its parent, or whoever adopted it, has not asked for its exit code yet. */
function isZombie(pid: number): boolean {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}
