import { createHash } from 'node:crypto';
import type { Location } from '../../src/model/location.js';
import { openManifest } from '../../src/source/manifest.js';
import type { ManifestFiles } from '../../src/source/manifest-bytes.js';
import type { ManifestRow } from '../../src/source/manifest-row.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { collect } from '../support.js';

export const FOLDER: Location = { kind: 'folder', path: '/photos' };
export const BUCKET: Location = { kind: 's3', bucket: 'b', prefix: 'in/' };

/** Files by their names, which come in pieces of so many bytes. */
export function pieces(content: Readonly<Record<string, string | Buffer>>, size: number): ManifestFiles {
  return {
    async *read(file) {
      const bytes = content[file];
      if (bytes === undefined) throw Object.assign(new Error('not there'), { code: 'ENOENT' });
      const buffer = Buffer.from(bytes as string);
      for (let at = 0; at < buffer.length; at += size) yield buffer.subarray(at, at + size);
    },
    requests: NO_REQUESTS,
  };
}

export function rowsOf(
  name: string,
  content: string | Buffer,
  originals: Location = FOLDER,
  more: Readonly<Record<string, string | Buffer>> = {},
  size = 7,
): Promise<ManifestRow[]> {
  return collect(openManifest(name, pieces({ [name]: content, ...more }, size), originals).rows());
}

/** Row and key of each, and the code where it is refused. */
export async function brief(rows: Promise<ManifestRow[]>): Promise<unknown[]> {
  return (await rows).map((row) => ('refused' in row ? [row.row, row.key, row.refused] : [row.row, row.key]));
}

export function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
