import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../model/user-error.js';
import { PRESETS } from './presets.js';
import { CONFIG_NAME } from './read-file.js';

/**
 * Writes a config to start from into a folder, and gives its path.
 * @throws UserError `config-exists`: a config that is there is never touched; `location-missing`, `location-unwritable`
 */
export async function writeStarterConfig(folder: string): Promise<string> {
  const file = path.join(folder, CONFIG_NAME);
  try {
    await writeFile(file, starterText(), { flag: 'wx' });
  } catch (error) {
    // Half of it would pass for somebody's config.
    if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') await rm(file, { force: true });
    throw writeError(file, error);
  }
  return file;
}

/** One spec a line, with its fields below those of its neighbours. */
function starterText(): string {
  const rows = Object.entries(PRESETS.levels.specs).map(([name, spec]) => [
    `"${name}": {`,
    ...Object.entries(spec).map(([field, value], index, all) => `"${field}": ${JSON.stringify(value)}${index < all.length - 1 ? ',' : ' }'}`),
  ]);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map(([name = '', ...cells]) => {
    // The name is padded before its brace, the fields behind their comma.
    const opened = `${name.slice(0, -1).padEnd((widths[0] ?? 0) - 1)}{`;
    return [opened, ...cells.map((cell, column) => cell.padEnd(widths[column + 1] ?? 0))].join(' ').trimEnd();
  });
  return `{
  "$schema": "./node_modules/imgvar/schema.json",
  "originals": "./originals",
  "variants":  "./variants",
  "layout":    "{variant}/{path}",
  "specs": {
    ${lines.join(',\n    ')}
  }
}
`;
}

function writeError(file: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'EEXIST') return new UserError('config-exists', `${file} exists already and was left as it is; edit it, or remove it first.`);
  if (code === 'ENOENT') return new UserError('location-missing', `There is no folder ${path.dirname(file)}; make it first.`);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new UserError('location-unwritable', `${file} cannot be written (${code}): the disk is full; make room first.`);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new UserError('location-unwritable', `${file} cannot be written (${code}); allow writing there.`);
  }
  return error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
