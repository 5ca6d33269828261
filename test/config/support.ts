import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, type Config } from '../../src/config/load.js';
import { UserError } from '../../src/model/user-error.js';

/** Calls with a new folder, and removes it. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'imgvar-config-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a config file with this text is loaded as. */
export async function loadText(text: string | Uint8Array, preset?: string): Promise<Config> {
  return inFolder(async (folder) => {
    await writeFile(path.join(folder, 'imgvar.config.json'), text);
    return loadConfig({ cwd: folder, preset });
  });
}

export async function userErrorOf(loading: Promise<unknown>): Promise<UserError> {
  try {
    await loading;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

/** The wrong fields of a config file with this text, by path, and what is said of each. */
export async function problemsIn(text: string, preset?: string): Promise<{ path: string; says: string }[]> {
  const error = await userErrorOf(loadText(text, preset));
  if (error.code !== 'config-invalid') throw error;
  const [first = '', ...rest] = error.message.split('\n  ');
  const lines = rest.length === 0 ? [first.slice(first.indexOf('.json: ') + '.json: '.length)] : rest;
  return lines.map((line) => ({ path: line.slice(0, line.indexOf(': ')), says: line.slice(line.indexOf(': ') + 2) }));
}
