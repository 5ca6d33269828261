import { Failure } from '../model/failure.js';
import type { FunctionName, LiveEvent, LiveFailure } from '../model/live-event.js';
import type { IsStale } from '../model/ledger.js';
import type { StoredObject } from '../model/original.js';
import type { Spec } from '../model/spec.js';
import { liveFailureMessage } from '../report/live.js';
import { statIfHeld } from '../store/stat-if-held.js';
import { originalPath, variantPath, type Places } from './places.js';

/** An original as the page shows it. All of it is JSON. */
export interface Shown {
  readonly key: string;
  readonly path: string;
  readonly bytes: number;
  readonly lastModified: number;
  readonly etag: string;
  /** Whether a function has yet to do something for it. */
  readonly isWorkedOn: boolean;
  /** One for each spec, in the config's order. */
  readonly variants: readonly ShownVariant[];
  readonly isBackedUp: boolean;
  readonly troubles: readonly Trouble[];
}

export interface ShownVariant {
  readonly name: string;
  readonly key: string;
  readonly path: string;
  /** Null: it does not exist. */
  readonly bytes: number | null;
  readonly etag: string | null;
  /** Whether it was made since the original came, and by the present spec. */
  readonly isCurrent: boolean;
}

export interface Trouble {
  readonly function: FunctionName;
  /** Null: all variants, or the backup. */
  readonly variant: string | null;
  readonly code: string;
  readonly message: string;
}

/** What is known of the originals beside what is in the folders: what is under way, and what went wrong. */
export interface Gallery {
  /** An original with all that was made of it, as it is now; undefined if it is gone. */
  look(key: string): Promise<Shown | undefined>;
  /** Whether nothing is missing of it. */
  isComplete(object: StoredObject): Promise<boolean>;
  /** Learns from what happens. */
  hear(event: LiveEvent): void;
  /** So many functions more, or fewer, have something to do for it. */
  work(key: string, change: 1 | -1): void;
}

/** @param stale for each spec, by its name, which variants are of another one */
export function openGallery(places: Places, stale: ReadonlyMap<string, IsStale>): Gallery {
  const working = new Map<string, number>();
  const troubles = new Map<string, Trouble[]>();

  const forget = (key: string, isOver: (trouble: Trouble) => boolean): void => {
    const left = (troubles.get(key) ?? []).filter((trouble) => !isOver(trouble));
    if (left.length === 0) troubles.delete(key);
    else troubles.set(key, left);
  };
  const remember = (key: string, trouble: Trouble): void => {
    // A repetition that fails in the same way takes the place of what it repeats.
    forget(key, (before) => before.function === trouble.function && before.variant === trouble.variant);
    troubles.set(key, [...(troubles.get(key) ?? []), trouble]);
  };

  const variantOf = async (spec: Spec, original: StoredObject): Promise<ShownVariant> => {
    const key = places.layout.keyOf(original.key, spec);
    const object = await statIfHeld(places.variants, key);
    const isOld = object === undefined || object.lastModified < original.lastModified || stale.get(spec.name)?.(object.lastModified);
    return { name: spec.name, key, path: variantPath(key), bytes: object?.size ?? null, etag: object?.etag ?? null, isCurrent: isOld !== true };
  };

  const lookAt = async (object: StoredObject): Promise<Shown> => {
    const { key, size, lastModified, etag } = object;
    const [variants, backup] = await Promise.all([
      Promise.all(places.specs.map((spec) => variantOf(spec, object))),
      statIfHeld(places.backup, key),
    ]);
    return {
      key,
      path: originalPath(key),
      bytes: size,
      lastModified,
      etag,
      isWorkedOn: working.has(key),
      variants,
      // A copy of what was there before is none.
      isBackedUp: backup !== undefined && backup.size === size && backup.lastModified >= lastModified,
      troubles: troubles.get(key) ?? [],
    };
  };

  return {
    async look(key) {
      const object = await statIfHeld(places.originals, key);
      return object && lookAt(object);
    },

    async isComplete(object) {
      const shown = await lookAt(object).catch((error: unknown) => {
        // The function that works on it will say what is wrong.
        if (error instanceof Failure) return null;
        throw error;
      });
      return shown !== null && shown.isBackedUp && shown.variants.every(({ isCurrent }) => isCurrent);
    },

    hear(event) {
      if (event.type === 'uploaded' || event.type === 'removed') troubles.delete(event.original);
      if (event.type === 'made') forget(event.original, (trouble) => trouble.function === 'resize');
      if (event.type === 'backed-up') forget(event.original, (trouble) => trouble.function === 'backup');
      if (event.type === 'failed') remember(event.original, troubleOf(event));
      if (event.type === 'dead-letter' && !(troubles.get(event.original) ?? []).some((trouble) => trouble.function === event.function)) {
        remember(event.original, { function: event.function, variant: null, code: 'dead-letter', message: event.cause });
      }
    },

    work(key, change) {
      const count = (working.get(key) ?? 0) + change;
      if (count > 0) working.set(key, count);
      else working.delete(key);
    },
  };
}

function troubleOf(event: LiveFailure): Trouble {
  const { function: name, variant, code } = event;
  return { function: name, variant, code, message: liveFailureMessage(event) };
}
