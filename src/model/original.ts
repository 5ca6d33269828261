import type { FailureCode } from './failure.js';

/** An object as a store lists it: an original, or a variant that exists. */
export interface StoredObject {
  /** Relative to the location's root. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** By the store's own clock, in whole milliseconds since 1970. */
  readonly lastModified: number;
  /** Changes whenever the content does. */
  readonly etag: string;
  /** Of a bucket; absent for STANDARD and in folders. */
  readonly storageClass?: string;
}

/** Something in a listing that cannot be worked on: it becomes a failure under its own name. */
export interface RefusedObject {
  readonly key: string;
  readonly refused: FailureCode;
  /** Why, in a few words. */
  readonly detail: string;
}

export type Listed = StoredObject | RefusedObject;

export function isRefused(item: object): item is RefusedObject {
  return 'refused' in item;
}
