import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type * as LocalFunctionModule from '../../src/dev/local-function.js';
import { root, workspace } from '../cli/imgvar.js';

/** As it is built: what it starts are programs of its own. */
const built = pathToFileURL(path.join(root, 'dist/dev/local-function.js')).href;
const { localFunction } = (await import(built)) as typeof LocalFunctionModule;

/** Does what the event says. */
const HANDLER = `
let inside = 0;
export async function handler({ say, after = 0, end }, { functionName, getRemainingTimeInMillis }) {
  inside += 1;
  const left = getRemainingTimeInMillis();
  await new Promise((resolve) => setTimeout(resolve, after));
  console.log(JSON.stringify({ say, inside, functionName, isTimeLeft: left > 0 && left <= 60_000 }));
  inside -= 1;
  if (end === 'exit') process.exit(7);
  if (end === 'abort') process.abort();
  if (end === 'throw') throw new Error('thrown');
  if (end === 'hang') await new Promise(() => setInterval(() => undefined, 1000));
}`;

async function open({ concurrency = 1, timeoutSeconds = 60 } = {}) {
  const folder = await workspace({ 'handler.mjs': HANDLER });
  const lines: Record<string, unknown>[] = [];
  const onLine = (line: string): void => {
    if (line.startsWith('{')) lines.push(JSON.parse(line) as Record<string, unknown>);
  };
  const module = pathToFileURL(path.join(folder, 'handler.mjs')).href;
  const run = localFunction({ name: 'resize', module, env: process.env, timeoutSeconds, concurrency, onLine });
  onTestFinished(() => run.kill());
  const deliver = async (event: unknown): Promise<(readonly [string, boolean])[]> => {
    const failures: (readonly [string, boolean])[] = [];
    await run.deliver(event, (cause, isLast) => failures.push([cause, isLast]));
    return failures;
  };
  return { run, lines, deliver };
}

describe('a function on this machine', () => {
  test('takes one event at a time in each process, with its name and the time that is left', async () => {
    const { lines, deliver } = await open({ concurrency: 2 });
    const events = Array.from({ length: 8 }, (_, say) => ({ say, after: 20 }));
    expect((await Promise.all(events.map(deliver))).flat()).toEqual([]);
    await expect.poll(() => lines.length).toBe(8);
    expect(lines.map(({ say }) => say).sort()).toEqual(events.map(({ say }) => say));
    for (const line of lines) expect(line).toMatchObject({ inside: 1, functionName: 'resize', isTimeLeft: true });
  });

  test('that ends in whatever way is called three times, and others go on', async () => {
    const ends = { throw: 'thrown', exit: 'exit code 7', abort: 'SIGABRT', hang: 'timeout' };
    const each = Object.entries(ends).map(async ([end, cause]) => {
      // Long enough to start a process, also on a busy machine.
      const { deliver } = await open(end === 'hang' ? { timeoutSeconds: 5 } : {});
      const failing = deliver({ end });
      expect(await deliver({ say: 'fine' })).toEqual([]);
      expect(await failing).toEqual([
        [cause, false],
        [cause, false],
        [cause, true],
      ]);
      expect(await deliver({ say: 'fine' })).toEqual([]);
    });
    await Promise.all(each);
  });

  test('that is closed ends what is under way, and begins nothing more', async () => {
    const { run, lines, deliver } = await open();
    await deliver({ say: 'warm' });
    const first = deliver({ say: 'first', after: 300 });
    void deliver({ say: 'second' });
    await run.close();
    expect(await first).toEqual([]);
    await expect.poll(() => lines.map(({ say }) => say)).toEqual(['warm', 'first']);
  });
});
