import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const photos = path.join(root, 'test/fixtures/photos');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON lines. */
  readonly json: () => Record<string, unknown>[];
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/**
 * Starts the built program, as a user's shell would.
 *
 * @param within the words of a command that runs the command after it, such as one with fewer rights. Default: none
 */
export function start(args: readonly string[], cwd: string = root, env: NodeJS.ProcessEnv = {}, within: readonly string[] = []): Running {
  const [program = '', ...words] = [...within, process.execPath, path.join(root, 'bin/imgvar.js'), ...args];
  const child = spawn(program, words, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const json = () => stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
      resolve({ code, stdout, stderr, json });
    });
  });
  return { child, ended };
}

export function imgvar(args: readonly string[], cwd?: string, env?: NodeJS.ProcessEnv): Promise<Ended> {
  return start(args, cwd, env).ended;
}

/** A folder of the test's own, removed after it. In a beforeAll, keep what `cleanUp` is given for an afterAll beside it: one within is not called. */
export async function workspace(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  cleanUp: (clean: () => Promise<void>) => void = onTestFinished,
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'imgvar-'));
  cleanUp(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}

/** The files below a folder, as keys, sorted, but imgvar's own at its root; none if it does not exist. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((key) => !key.startsWith('.imgvar/'))
    .sort();
}

/** The last JSON line, which is the summary. */
export function summaryOf(ended: Ended): Record<string, unknown> | undefined {
  const summary = ended.json().at(-1);
  expect(summary?.['type']).toBe('summary');
  return summary;
}

/** Resolves when so many variants have been made, or the run has ended. */
export async function someMade({ child, ended }: Running, count: number): Promise<void> {
  let seen = 0;
  const made = new Promise<void>((resolve) => {
    const look = (text: string): void => {
      seen += text.split('"result":"made"').length - 1;
      if (seen < count) return;
      child.stdout?.off('data', look);
      resolve();
    };
    child.stdout?.on('data', look);
  });
  await Promise.race([made, ended]);
}
