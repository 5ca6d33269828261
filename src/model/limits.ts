/** Formats that are documents or programs rather than pixels; they are read only where the user allows them. */
export const ACTIVE_FORMATS = ['svg'] as const;
export type ActiveFormat = (typeof ACTIVE_FORMATS)[number];

/** What is accepted of one original, so that a hostile one cannot take the run down. */
export interface Limits {
  /** Width x height x frames; a pixel counts for more where its decoder holds more of it, of AVIF three times (src/image/header.ts). */
  readonly pixels: number;
  /** Of the original's content. */
  readonly bytes: number;
  /** For all the work on one original. */
  readonly seconds: number;
  readonly allow: readonly ActiveFormat[];
}

/** 268 megapixels is 16383 x 16383 (sharp's own default); 256 MiB and two minutes are far above what photographs need. */
export const DEFAULT_LIMITS: Limits = {
  pixels: 268_402_689,
  bytes: 256 * 1024 * 1024,
  seconds: 120,
  allow: [],
};
