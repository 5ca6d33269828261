import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError, type UserErrorCode } from '../model/user-error.js';
import { findRepeatedField } from './repeated-field.js';
import { findSyntaxFault } from './syntax-error.js';

export const CONFIG_NAME = 'imgvar.config.json';

/** A kind of file that people write for imgvar, and how its mistakes are told. */
export interface FileKind {
  /** As in "this is no config file". */
  readonly name: string;
  readonly invalid: UserErrorCode;
  readonly notFound: UserErrorCode;
  /** What to do where there is none. */
  readonly remedy: string;
}

export const CONFIG_FILE: FileKind = {
  name: 'config file',
  invalid: 'config-invalid',
  notFound: 'config-not-found',
  remedy: 'to write one in the working folder: imgvar init',
};

/** No such file needs more; in bytes. */
const MAX_BYTES = 1024 * 1024;

/** The nearest imgvar.config.json in this folder or above it, or null. */
export async function findConfigFile(cwd: string): Promise<string | null> {
  const file = path.join(cwd, CONFIG_NAME);
  const found = await stat(file).catch(() => null);
  if (found?.isFile() === true) return file;
  const parent = path.dirname(cwd);
  return parent === cwd ? null : findConfigFile(parent);
}

/** The JSON in a file, not checked any further. @throws UserError of that kind of file */
export async function readJsonFile(file: string, kind: FileKind): Promise<unknown> {
  const text = decode(file, await readBounded(file, kind), kind);
  const parsed = parse(text, file, kind);
  const twice = findRepeatedField(text);
  if (twice === null) return parsed;
  throw new UserError(kind.invalid, `${file}, line ${twice.line}: "${twice.name}" is there twice, and only one could count; remove one, or call it otherwise.`);
}

function parse(text: string, file: string, kind: FileKind): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const fault = findSyntaxFault(text);
    if (fault === null) throw error;
    throw new UserError(kind.invalid, `${file}, line ${fault.line}, column ${fault.column}: this is not JSON; expected ${fault.expected}.`);
  }
}

/** Reads what may also be a pipe, and never more than such a file can be. */
async function readBounded(file: string, kind: FileKind): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new UserError(kind.invalid, `${file} is larger than 1 MiB; this is no ${kind.name}.`);
    }
  } catch (error) {
    throw readError(file, error, kind);
  }
  return Buffer.concat(chunks);
}

function readError(file: string, error: unknown, { name, invalid, notFound, remedy }: FileKind): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (error instanceof UserError || typeof code !== 'string') return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UserError(notFound, `There is no ${name} ${file}; ${remedy}`);
  }
  if (code === 'EISDIR') return new UserError(invalid, `${file} is a folder; give the ${name} in it.`);
  return new UserError(invalid, `${file} cannot be read (${code}); allow reading it.`);
}

/** A byte order mark, as some editors write it, is dropped. */
function decode(file: string, content: Buffer, { invalid }: FileKind): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new UserError(invalid, `${file} is not UTF-8 text; save it with that encoding.`);
  }
}
