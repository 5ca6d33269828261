import { unzipSync, zipSync, type Zippable } from 'fflate';

/** The first day that a zip can name. By the machine's own clock, as zips have no time zones. */
const TIME = new Date(1980, 0, 1);

/** Read by everyone: Lambda runs a function as another user than the one who unpacks it. */
const ATTRIBUTES = 0o100644 << 16;
const UNIX = 3;

/**
 * A zip of these files. The same files give the same bytes, whenever and wherever: sorted names, a fixed time, and an own
 * compressor, as Node's differs between versions.
 *
 * @param files by path, with `/` between folders
 */
export function zipOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const names = Object.keys(files).sort();
  const entries = names.map((name) => [name, [files[name], { mtime: TIME, attrs: ATTRIBUTES, os: UNIX, level: 6 }]]);
  return zipSync(Object.fromEntries(entries) as Zippable);
}

export function filesOf(zip: Uint8Array): Record<string, Uint8Array> {
  return unzipSync(zip);
}
