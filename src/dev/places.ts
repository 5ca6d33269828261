import type { Layout } from '../model/layout.js';
import type { Spec } from '../model/spec.js';
import type { Store } from '../store/store.js';

/** Where everything is, and what is to be made. */
export interface Places {
  readonly originals: Store;
  readonly variants: Store;
  readonly backup: Store;
  readonly layout: Layout;
  readonly specs: readonly Spec[];
}

/** What a path leads to. */
export interface Place {
  readonly store: Store;
  readonly key: string;
  /** As the store would have kept it, were it a bucket. */
  readonly cacheControl: string | null;
}

/** The paths of originals begin so. They come before those of variants, which begin like them. */
export const ORIGINALS_PATH = '/uploads/images/original/';
const VARIANTS_PATH = '/uploads/images/';

/** imgvar's own files are delivered by nobody. Some file systems do not tell upper from lower case. */
const OWN = /\/\.imgvar(\/|$)/i;

/**
 * What is delivered under a path: the rules of the distribution that `imgvar deploy` makes. They know nothing of `..`: a key
 * that would lead anywhere else is one that no store holds.
 *
 * @param target a request's: percent-encoded, with or without a query, and as it was sent
 */
export function placeOf(target: string, { originals, variants, layout, specs }: Places): Place | undefined {
  const path = decodedPath(target);
  if (path === undefined || OWN.test(path)) return undefined;
  if (path.startsWith(ORIGINALS_PATH)) return { store: originals, key: path.slice(ORIGINALS_PATH.length), cacheControl: null };
  if (!path.startsWith(VARIANTS_PATH)) return undefined;
  const key = path.slice(VARIANTS_PATH.length);
  const [made] = layout.originalsOf(key, specs);
  return { store: variants, key, cacheControl: made?.spec.cacheControl ?? null };
}

/** Decoded once, as S3 decodes it; undefined where it cannot be. */
export function decodedPath(target: string): string | undefined {
  const [path = ''] = target.split('?', 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

export function originalPath(key: string): string {
  return ORIGINALS_PATH + encodedKey(key);
}

export function variantPath(key: string): string {
  return VARIANTS_PATH + encodedKey(key);
}

function encodedKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}
