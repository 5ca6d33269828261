import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { folderSide, type Side } from '../cli/sides.js';

/** Why no disk can be mounted here; null where one can. */
export const NO_DISKS: string | null =
  spawnSync('unshare', ['--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0 ? null : 'nobody may mount a disk here (unshare --map-root-user --mount)';

/** A small disk of a test's own, which only the programs that are run within see. */
export interface Disk {
  /** The words of a command that runs the command after it where the disk is. */
  readonly within: readonly string[];
  /** What is on it, as another program sees it. */
  readonly side: Side;
  /** Mounts it anew with these options, what is on it stays: `size=8m`, `ro`, `rw`. Waits until nobody writes. */
  remount(options: string): Promise<void>;
}

/** @param folder where it is mounted @param options such as `size=300k` */
export async function mountDisk(folder: string, options: string): Promise<Disk> {
  const holder = spawn('unshare', ['--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs -o "$1" none "$0" && echo ready && exec sleep 3600', folder, options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  const within = ['nsenter', '--target', String(holder.pid), '--user', '--mount', '--preserve-credentials'];
  return {
    within,
    side: { ...folderSide(path.join('/proc', String(holder.pid), 'root', folder)), location: folder },
    async remount(changed) {
      const [program = '', ...words] = [...within, 'mount', '-o', `remount,${changed}`, folder];
      while (spawnSync(program, words).status !== 0) await sleep(20);
    },
  };
}
