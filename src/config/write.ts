import { applyEdits, getNodeValue, findNodeAtLocation, modify, parseTree, type JSONPath } from 'jsonc-parser';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { UserError } from '../model/user-error.js';

/** A field of a config file, and what it is to be. */
export interface Field {
  readonly path: readonly string[];
  readonly value: string;
}

/** A field that is not yet what it is to be. */
export interface FieldChange extends Field {
  /** Undefined where it is not there. */
  readonly was: unknown;
}

/** Those that differ from what a config file has. The file has been read before, so that it is JSON. */
export async function changesTo(file: string, fields: readonly Field[]): Promise<readonly FieldChange[]> {
  const tree = parseTree(await readFile(file, 'utf8'));
  return fields.flatMap((field): FieldChange[] => {
    const node = tree === undefined ? undefined : findNodeAtLocation(tree, path(field));
    const was: unknown = node === undefined ? undefined : getNodeValue(node);
    return was === field.value ? [] : [{ ...field, was }];
  });
}

/**
 * Sets fields in a config file, whole or not at all, and leaves all else in it as it is written.
 * @throws UserError `location-unwritable`
 */
export async function writeFields(file: string, fields: readonly Field[]): Promise<void> {
  let text = await readFile(file, 'utf8');
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  for (const field of fields) text = applyEdits(text, modify(text, path(field), field.value, { formattingOptions }));
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    throw new UserError('location-unwritable', `${file} cannot be written (${code}); the stack is deployed, so write into it what was shown.`);
  }
}

function path(field: Field): JSONPath {
  return [...field.path];
}
