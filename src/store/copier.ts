import type { StoredObject } from '../model/original.js';
import type { Requests } from '../model/requests.js';

/** What is to be copied, as it is now, with what only the store knows of it. */
export interface CopySource {
  readonly original: StoredObject;
  /** Where it is a copy itself: of the original that it was made from, the etag. */
  readonly madeFrom?: string;
}

/** A copy that exists. */
export interface Copy {
  /** In bytes. */
  readonly size: number;
  readonly etag: string;
  /** Of the original that it was made from. */
  readonly sourceEtag: string;
}

/**
 * Copies objects from one location to the same keys in another; between buckets without their bytes ever coming here. All
 * methods throw a Failure for trouble with one object, and a UserError for what ends all work, as those of a store do.
 */
export interface Copier<Source extends CopySource = CopySource> {
  /** What was sent so far, to either side. */
  readonly requests: Requests;

  /** The object to copy, as it is now; undefined if there is none. */
  source(key: string): Promise<Source | undefined>;

  /** The copy that is there; undefined if there is none. */
  existing(key: string): Promise<Copy | undefined>;

  /**
   * Copies what was looked at, in place of what was seen there; whole or not at all.
   * @returns `overtaken` if either is not the same any more: nothing was written (a folder cannot tell, and writes);
   *   `unmarked` if it was copied but `existing` cannot tell from what
   */
  copy(source: Source, existing: Copy | undefined): Promise<'copied' | 'unmarked' | 'overtaken'>;

  /** Whether the two have the same bytes, by reading both. */
  isSame(key: string): Promise<boolean>;
}
