import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Location } from '../model/location.js';
import { decompressed, type ManifestFiles } from './manifest-bytes.js';
import { invalidManifest, rowError } from './manifest-error.js';
import { refuseOtherBucket } from './manifest-row.js';
import { RowFault } from './text.js';

/** What an inventory's manifest.json says. */
export interface Inventory {
  /** Where the data files are. */
  readonly bucket: string;
  /** Names in lower case; `key` is among them. */
  readonly columns: readonly string[];
  readonly files: readonly { readonly key: string; /** Hexadecimal. */ readonly md5: string | null }[];
}

/** Each data file holds millions of rows, and takes a few hundred of these bytes. */
const LARGEST_JSON = 64 * 1024 * 1024;

/** @throws UserError */
export async function readInventory(file: string, files: ManifestFiles, originals: Location): Promise<Inventory> {
  const json = asObject(await readJson(file, files));
  const { fileFormat, fileSchema, sourceBucket, destinationBucket } = json;
  if (typeof fileFormat !== 'string' || typeof sourceBucket !== 'string' || !Array.isArray(json['files'])) {
    throw invalidManifest(file, 'is not the manifest.json of an S3 Inventory: it has no fileFormat, sourceBucket or files');
  }
  if (fileFormat.toUpperCase() !== 'CSV') {
    throw invalidManifest(file, `is of an inventory in the format ${fileFormat}, which cannot be read; let S3 write it as CSV`);
  }
  refuseBucket(file, sourceBucket, originals);
  const columns = textOf(fileSchema).split(',').map((column) => column.trim().toLowerCase());
  if (!columns.includes('key')) throw invalidManifest(file, 'names no column Key in its fileSchema');
  return {
    bucket: textOf(destinationBucket).replace(/^arn:[^:]*:s3:::/, ''),
    columns,
    files: json['files'].map((listed) => {
      const { key, MD5checksum } = asObject(listed);
      if (typeof key !== 'string' || key === '') throw invalidManifest(file, 'has a file without a key');
      return { key, md5: typeof MD5checksum === 'string' ? MD5checksum : null };
    }),
  };
}

/**
 * Where a data file is: in the bucket that the inventory was written to, if manifest.json was read from one; else beside
 * manifest.json, under its whole key from there, or where S3 puts it (`../data/`).
 */
export async function dataFile(file: string, bucket: string, key: string): Promise<string> {
  if (file.startsWith('s3://')) return `s3://${bucket}/${key}`;
  const folder = path.dirname(file);
  const name = path.posix.basename(key);
  const beside = path.join(folder, name);
  for (const candidate of [beside, path.join(folder, path.join('/', key)), path.join(folder, '../data', name)]) {
    if (await access(candidate).then(() => true, () => false)) return candidate;
  }
  return beside;
}

async function readJson(file: string, files: ManifestFiles): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of decompressed(file, files.read(file))) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LARGEST_JSON) throw invalidManifest(file, `is larger than ${LARGEST_JSON} bytes; this is no manifest.json`);
    }
  } catch (error) {
    throw rowError(file, 1, error);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))) as unknown;
  } catch {
    throw invalidManifest(file, 'is not JSON, or not UTF-8; a list of keys has another ending, such as .txt');
  }
}

function refuseBucket(file: string, bucket: string, originals: Location): void {
  try {
    refuseOtherBucket(bucket, originals);
  } catch (error) {
    throw error instanceof RowFault ? invalidManifest(file, error.message) : error;
  }
}

/** Empty for what is no text. */
function textOf(json: unknown): string {
  return typeof json === 'string' ? json : '';
}

function asObject(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
}
