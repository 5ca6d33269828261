import { spawnSync } from 'node:child_process';

let known: number | undefined;

/**
 * How many files and connections a process may have open at one time: what `ulimit -n` says. Infinity where there is no
 * limit, and where there is no shell to ask.
 */
export function openFilesLimit(): number {
  return (known ??= askedShell());
}

function askedShell(): number {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' });
  const limit = Number.parseInt(stdout ?? '', 10);
  return Number.isNaN(limit) ? Infinity : limit;
}
