import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./likeness-program.js', import.meta.url));

/** How long one comparison may take, in milliseconds. */
const PATIENCE = 30_000;

/** Files of two images each. */
export type Pair = readonly [one: string, other: string];

/**
 * How alike pairs of images look, by SSIM; in a process of its own, as they may be of any origin.
 *
 * @param env of that process
 * @returns null for a pair that cannot be compared
 */
export async function likenessOf(pairs: readonly Pair[], env: NodeJS.ProcessEnv): Promise<readonly (number | null)[]> {
  const results: (number | null)[] = [];
  for (const [one, other] of pairs) results.push(await compared(one, other, env));
  return results;
}

function compared(one: string, other: string, env: NodeJS.ProcessEnv): Promise<number | null> {
  return new Promise((resolve) => {
    const child = fork(PROGRAM, [], { env, execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    const end = (ssim: number | null): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(ssim);
    };
    child.on('message', ({ ssim }: { readonly ssim: number | null }) => end(ssim));
    child.on('error', () => end(null));
    child.on('exit', () => end(null));
    child.send({ one, other }, () => undefined);
  });
}
