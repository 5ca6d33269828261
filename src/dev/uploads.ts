import { setTimeout as sleep } from 'node:timers/promises';
import { isRefused, type StoredObject } from '../model/original.js';
import type { Store } from '../store/store.js';

/** Between two looks at the folder, in milliseconds. */
const LOOK_EVERY = 300;

/** A look takes no more than one part in so many of the time, however many originals there are. */
const REST = 5;

export interface UploadsSettings {
  readonly originals: Store;
  /** An original is there whole, new or with new content. */
  readonly onUpload: (object: StoredObject) => void;
  /** Of what was there before; whether to tell of it as of an upload. */
  readonly isNew: (object: StoredObject) => Promise<boolean>;
  readonly onRemoved: (key: string) => void;
  /** Nothing can be looked at any more. */
  readonly onError: (error: unknown) => void;
}

/** The uploads to a folder. */
export interface Uploads {
  /** What is there, as of the last look. */
  present(): readonly StoredObject[];
  /** Tells of an upload that is known to be whole, without waiting for the next look. */
  announce(object: StoredObject): void;
  /** Ends when what was there before has been seen. */
  readonly started: Promise<void>;
  close(): void;
}

interface Seen {
  readonly object: StoredObject;
  readonly isAnnounced: boolean;
  /** The look in which it was seen. */
  readonly look: number;
}

/**
 * Sees what is put into a folder, by whatever program, by looking at it again and again: watching is not the same on any two
 * systems, and on some misses things. A file is taken to be whole when two looks in a row find it the same; if it was not,
 * then it changes, and is told of once more.
 */
export function watchUploads({ originals, onUpload, isNew, onRemoved, onError }: UploadsSettings): Uploads {
  const seen = new Map<string, Seen>();
  const closing = new AbortController();
  let look = 0;

  const note = (object: StoredObject, isAnnounced: boolean): void => {
    seen.set(object.key, { object, isAnnounced, look });
  };
  const announce = (object: StoredObject): void => {
    note(object, true);
    onUpload(object);
  };

  const lookOnce = async (): Promise<void> => {
    look += 1;
    for await (const page of originals.list('', { sweep: true })) {
      for (const object of page) {
        if (isRefused(object)) continue;
        const before = seen.get(object.key);
        // Announced during this look: the page may be older.
        if (before?.look === look) continue;
        if (look === 1) note(object, !(await isNew(object)));
        else if (before?.object.etag !== object.etag) note(object, false);
        else if (before.isAnnounced) note(object, true);
        else announce(object);
      }
    }
    for (const [key, { look: last }] of seen) {
      if (last === look) continue;
      seen.delete(key);
      onRemoved(key);
    }
  };

  const keepLooking = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const begin = performance.now();
      await sleep(LOOK_EVERY, undefined, { signal: closing.signal });
      await lookOnce();
      await sleep((performance.now() - begin - LOOK_EVERY) * REST, undefined, { signal: closing.signal });
    }
  };

  const started = lookOnce();
  started
    .then(keepLooking)
    .catch((error: unknown) => {
      if (!closing.signal.aborted) onError(error);
    });
  return { present: () => [...seen.values()].map(({ object }) => object), announce, started, close: () => closing.abort() };
}
