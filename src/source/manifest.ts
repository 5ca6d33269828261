import { createHash } from 'node:crypto';
import type { Location } from '../model/location.js';
import type { Requests } from '../model/requests.js';
import { inventoryRows } from './inventory.js';
import { decompressed, type ManifestFiles } from './manifest-bytes.js';
import { csvRows } from './manifest-csv.js';
import { invalidManifest, rowError } from './manifest-error.js';
import { listRows } from './manifest-list.js';
import type { ManifestRow } from './manifest-row.js';

/** Which originals a run is about, as a file says it. */
export interface Manifest {
  /** As a person writes it: an absolute path, or `s3://bucket/key`. */
  readonly file: string;

  /**
   * The rows in their order, read as they are asked for. A key comes as often as it is written.
   * @throws UserError `manifest-invalid`, `manifest-unreadable`
   */
  rows(): AsyncIterable<ManifestRow>;

  /**
   * SHA-256 of the file as it is stored, in hexadecimal; of an inventory, of its manifest.json, which holds the checksums
   * of the other files. Reads the file once more.
   * @throws UserError `manifest-unreadable`
   */
  hash(): Promise<string>;

  /** What reading it has cost so far. */
  readonly requests: Requests;
}

/** Endings of what people may take for a manifest, and what would be read as a list of strange keys. */
const OTHER_FORMATS: readonly string[] = ['parquet', 'orc', 'avro', 'jsonl', 'ndjson', 'tsv', 'xls', 'xlsx', 'xml', 'zip', 'bz2', 'xz', 'zst'];

/**
 * A manifest of any kind; nothing is read yet. The name tells the kind, without `.gz`: `.json` is an S3 Inventory, `.csv`
 * is CSV, and anything else is a list of keys, one a line.
 *
 * @param file an absolute path, or `s3://bucket/key`
 * @throws UserError `manifest-invalid` for a kind that cannot be read
 */
export function openManifest(file: string, files: ManifestFiles, originals: Location): Manifest {
  const [, ending = ''] = /\.([a-z0-9]+)$/.exec(file.toLowerCase().replace(/\.gz$/, '')) ?? [];
  if (OTHER_FORMATS.includes(ending)) {
    throw invalidManifest(file, `is of a format that cannot be read (.${ending}); give a list of keys, CSV, or the manifest.json of an S3 Inventory in CSV`);
  }
  const content = (): AsyncIterable<Buffer> => decompressed(file, files.read(file));
  return {
    file,
    rows() {
      if (ending === 'json') return inventoryRows(file, files, originals);
      return ending === 'csv' ? csvRows(file, content(), originals) : listRows(file, content(), originals);
    },
    async hash() {
      const hash = createHash('sha256');
      try {
        for await (const chunk of files.read(file)) hash.update(chunk);
      } catch (error) {
        throw rowError(file, 1, error);
      }
      return hash.digest('hex');
    },
    get requests() {
      return files.requests;
    },
  };
}
