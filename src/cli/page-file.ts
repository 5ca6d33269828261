import { spawn } from 'node:child_process';
import { open, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { UserError } from '../model/user-error.js';
import { showKey } from '../report/format.js';
import { MARK } from '../report/html/page.js';
import type { Output } from '../report/reporter.js';

export interface PageOptions {
  readonly out?: string | undefined;
  readonly open?: boolean | undefined;
}

/** Writes a page to a file of the working folder, or where it was said, and shows it if that is wished. @throws UserError */
export async function writePage(page: string, name: string, options: PageOptions, { stdout, stderr }: Output): Promise<void> {
  const file = pageFile(name, options);
  await refuseOthers(file);
  await writeFile(file, page).catch((error: NodeJS.ErrnoException) => {
    throw new UserError('location-unwritable', `${file} cannot be written (${error.code ?? error.message}); name another file with --out.`);
  });
  stdout.write(`${showKey(file)}\n`);
  if (options.open === true && !(await show(file))) stderr.write('It could not be opened from here; open the file in a browser.\n');
}

/** Where a page goes. */
export function pageFile(name: string, { out }: PageOptions): string {
  return path.resolve(out ?? name);
}

/** An earlier page may be replaced; anything else is somebody's. Call it before the work. @throws UserError `usage` */
export async function refuseOthers(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isFile()) throw new UserError('usage', `${file} is no file; name one with --out.`);
  const begins = await startOf(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError('location-unreadable', `${file} is there already and cannot be read (${error.code ?? error.message}); name another file with --out.`);
  });
  if (!begins.includes(MARK)) throw new UserError('usage', `${file} is there already, and imgvar has not written it; name another file with --out.`);
}

async function startOf(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(200), 0, 200, 0);
    return buffer.subarray(0, bytesRead).toString();
  } finally {
    await handle.close();
  }
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = { darwin: ['open'], win32: ['explorer.exe'] };

/** By the system's own program, which is given the path as it is: no shell reads it. */
function show(file: string): Promise<boolean> {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(program, [...args, file], { stdio: 'ignore', detached: true });
    child.on('error', () => resolve(false));
    child.on('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
