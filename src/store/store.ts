import type { Warning } from '../model/events.js';
import type { Failure } from '../model/failure.js';
import type { Listed, StoredObject } from '../model/original.js';
import type { Requests } from '../model/requests.js';
import type { OwnFiles } from './own-files.js';

/** The most objects that a store lists at once. */
export const PAGE_LENGTH = 1000;

/**
 * Reads, writes and lists one location. Every implementation passes the one suite in test/store/contract.ts.
 *
 * Keys are relative to the location's root. A key that the store cannot hold safely (`..`, an empty segment in a
 * folder, a name that is too long) is a Failure `invalid-key` from `read`, `stat` and `write`; nothing outside the root
 * is touched.
 */
export interface Store {
  /** As a person writes it: a folder's absolute path, or `s3://bucket/prefix/`. */
  readonly location: string;

  /** What imgvar itself keeps here. */
  readonly own: OwnFiles;

  /** What was sent so far, in this process, but for imgvar's own files. */
  readonly requests: Requests;

  /** The bucket's region, as far as it is known before anything was sent; null for what is not in the cloud. */
  region(): Promise<string | null>;

  /**
   * Makes sure, before any work, that the location can be used so.
   * Nothing stays that a listing would show.
   * @returns what a person should know of the location, though work goes on
   * @throws UserError with the one thing to fix
   */
  check(access: 'read' | 'write'): Promise<readonly Warning[]>;

  /**
   * Everything whose key starts with `prefix` (any text, not only a folder), in UTF-8 byte order of the keys, in pages
   * of 1 to PAGE_LENGTH. Nothing under the prefix, or no root, is an empty listing. What cannot be worked on is listed
   * as refused: `invalid-key` for a name that is not UTF-8, a link that leads out or to a folder, a socket;
   * `access-denied` and `read-failed` for a folder that cannot be read, under its key with the `/`. A prefix that
   * itself cannot be read or held (`../`) is listed as refused under its own text. imgvar's own files (`.imgvar/` at the root,
   * temporary files) are never listed, nor are the empty objects that mark folders in a bucket. Keys below one refused
   * folder are unknown, not absent.
   * @throws UserError where nothing at all can be listed any more
   */
  list(prefix: string, options?: ListOptions): AsyncIterable<readonly Listed[]>;

  /**
   * Keys that exist, after `after` and before `upTo` (null: no end), in order, that divide what a listing shows there into
   * parts worth listing side by side; none where none were found. It asks the store a dozen times or so, whatever lies
   * between. Only stores whose listing is mostly waiting have it.
   * @param most how many keys at the most
   * @throws UserError as `list`
   */
  split?(prefix: string, after: string, upTo: string | null, most: number): Promise<readonly string[]>;

  /**
   * The whole content, with the object as it was when it was read.
   * @throws Failure `original-missing`, `too-large` (more than `maxBytes`), `access-denied`, `read-failed`, `invalid-key`;
   *   from buckets also `original-archived`, `throttled`, `timeout`. Every method may throw a UserError, for what ends all
   *   work (credentials that have expired, a disk that is full).
   */
  read(key: string, maxBytes: number): Promise<ReadObject>;

  /** The object as it is now, or undefined. @throws Failure `access-denied`, `read-failed`, `invalid-key` */
  stat(key: string): Promise<StoredObject | undefined>;

  /**
   * Replaces the object whole or not at all: a reader sees the old content or the new, also after a kill.
   * @throws Failure `access-denied`, `write-failed`, `invalid-key`; what was there before is then still there
   */
  write(key: string, bytes: Uint8Array, options: WriteOptions): Promise<void>;

  /**
   * Removes objects, at most PAGE_LENGTH of them; one that is not there counts as removed. Where a bucket keeps versions,
   * the last one stays behind a mark.
   * @returns those that are still there, each with its trouble: `access-denied`, `write-failed`, `invalid-key`
   */
  delete(keys: readonly string[]): Promise<ReadonlyMap<string, Failure>>;

  /** Whether what is deleted or replaced can be brought back; null where that cannot be found out. */
  keepsVersions(): Promise<boolean | null>;
}

/** What was read. */
export interface ReadObject {
  readonly bytes: Buffer;
  readonly object: StoredObject;
  /** Of a variant, what `write` was given; absent where it is not kept, or was never given. */
  readonly made?: Pick<WriteOptions, 'fingerprint' | 'originalEtag'>;
  /** Of a file, who may read and write it, in the bits of chmod. */
  readonly mode?: number;
}

export interface ListOptions {
  /** Also remove temporary files that killed writers left behind. Off by default: listing then changes nothing. */
  readonly sweep?: boolean;
  /**
   * List only what comes after this key, which need not exist: any valid Unicode. Empty, the default, is before
   * everything. A folder that cannot be read is listed also where `after` is in it, for what comes after is unknown.
   */
  readonly after?: string;
}

export interface WriteOptions {
  /** Kept by stores that have headers, as are the next three. */
  readonly contentType: string;
  readonly cacheControl: string | null;
  /** Of the spec; see fingerprintOf(). */
  readonly fingerprint: string;
  /** Of the original that it was made from. */
  readonly originalEtag: string;
  /** Kept by folders: who may read and write the file, in the bits of chmod, less the umask; everybody where it is left out. */
  readonly mode?: number;
}
