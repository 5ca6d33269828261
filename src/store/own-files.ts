import type { Requests } from '../model/requests.js';

/** A file of imgvar's own, and when it was written by the store's clock, in milliseconds since 1970. */
export interface OwnFile {
  readonly bytes: Buffer;
  readonly lastModified: number;
}

/**
 * What imgvar itself keeps in a location, under `.imgvar/` at its root; no listing shows it. Names are imgvar's own, with
 * `/` between folders. What cannot be read or written ends the run: every method throws a UserError then.
 */
export interface OwnFiles {
  /** Where they are, as a person writes it, with a slash at its end. */
  readonly location: string;
  /** How exact the store's clock is, in milliseconds: buckets have whole seconds. */
  readonly clockStep: number;
  /** What was sent so far, in this process. */
  readonly requests: Requests;
  read(name: string): Promise<OwnFile | undefined>;
  /** Whole or not at all. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Writes it only if nothing has the name: of many who try, one succeeds.
   * @returns whether it was written
   */
  create(name: string, bytes: Uint8Array): Promise<boolean>;
  /** The names that begin so, sorted. What killed writers left behind in that folder is cleared away. */
  list(prefix: string): Promise<readonly string[]>;
  /** As far as this user may: no other work needs the permission. */
  remove(name: string): Promise<void>;
}
