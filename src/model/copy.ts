import type { Layout } from './layout.js';
import type { Spec } from './spec.js';

/** What is done with a copy: one is made, in place of one of older content or only where there is none; one is brought back where the original is gone, or in its place; or the two are compared. */
export type CopyKind = 'back-up' | 'back-up-missing' | 'bring-back' | 'replace' | 'compare';

/** What a copy of an original is called among failures and due reasons, where a variant has its spec's name. */
export const COPY = 'copy';

/** A copy has its original's key. */
export const SAME_KEYS: Layout = {
  template: '{path}',
  keyOf: (original) => original,
  addedTo: () => '',
  rivalOf: () => null,
  originalsOf: (key, specs) => specs.map((spec) => ({ spec, original: key })),
  stemOf: (original) => original,
  listings: (specs, prefix, after) => [{ prefix, after, specs }],
};

/** Stands where a run has its specs: the content as it is. */
export const COPY_SPEC: Spec = {
  name: COPY,
  width: null,
  height: null,
  fit: 'inside',
  position: 'centre',
  background: '#ffffff',
  format: 'original',
  quality: null,
  lossless: false,
  effort: null,
  progressive: false,
  enlarge: false,
  cacheControl: null,
  keep: [],
  animated: true,
};
