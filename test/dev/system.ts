import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { start, workspace, type Ended } from '../cli/imgvar.js';

export type Line = Record<string, unknown> & { readonly type: string };

export const SPECS = ['xlarge', 'large', 'medium', 'small', 'square-medium', 'square-small'];

/** A live system that was started with the built program, in a folder of its own. */
export interface System {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly folder: string;
  readonly pid: number;
  /** What was told so far. */
  readonly lines: Line[];
  /** A line that is there or comes. */
  line(is: (line: Line) => boolean): Promise<Line>;
  put(key: string, content: string | Uint8Array, headers?: Record<string, string>): Promise<Response>;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** A file of the folder; undefined if there is none. */
  file(...names: string[]): Promise<Buffer | undefined>;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

export async function startSystem(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  cleanUp: (clean: () => Promise<void>) => void = onTestFinished,
  at?: string,
): Promise<System> {
  const cwd = at ?? (await workspace(files, cleanUp));
  const { child, ended } = start(['dev', '--port', '0', '--json'], cwd);
  const stop = async (signal: NodeJS.Signals = 'SIGINT'): Promise<Ended> => {
    child.kill(signal);
    return ended;
  };
  cleanUp(async () => void (await stop('SIGKILL')));
  const lines: Line[] = [];
  let rest = '';
  child.stdout?.on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((part) => JSON.parse(part) as Line));
  });
  const line = async (is: (line: Line) => boolean): Promise<Line> => {
    for (;;) {
      const found = lines.find(is);
      if (found !== undefined) return found;
      if (child.exitCode !== null) throw new Error((await ended).stderr);
      await sleep(20);
    }
  };
  const url = String((await line(({ type }) => type === 'dev'))['url']).replace(/\/$/, '');
  const folder = path.join(cwd, 'imgvar-dev');
  return {
    url,
    port: Number(new URL(url).port),
    folder,
    pid: Number(child.pid),
    lines,
    line,
    put: (key, content, headers = {}) => fetch(`${url}/uploads/images/original/${encodeURIComponent(key)}`, { method: 'PUT', body: Buffer.from(content), headers }),
    get: (target, init) => fetch(url + target, init),
    file: (...names) => readFile(path.join(folder, ...names)).catch(() => undefined),
    stop,
  };
}

/** Whether a line is of this kind, about this original. */
export function about(type: string, original: string): (line: Line) => boolean {
  return (line) => line.type === type && line['original'] === original;
}

/** Both functions are done with it. */
export async function done(system: System, key: string): Promise<void> {
  await system.line(about('made', key));
  await system.line(about('backed-up', key));
}

export function originalsIn({ folder }: System): string {
  return path.join(folder, 'originals');
}
