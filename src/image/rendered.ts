import type { Failure } from '../model/failure.js';
import type { Spec } from '../model/spec.js';

/** What a variant can be. */
export type ContentFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif';

/** A variant's content. */
export interface Rendered {
  readonly bytes: Buffer;
  readonly format: ContentFormat;
  /** Its media type, for the Content-Type header. */
  readonly contentType: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels; of one frame where it is animated. */
  readonly height: number;
}

/** What became of one or several specs: those that ask for the same pixels with the same options are encoded once. */
export interface RenderResult {
  readonly specs: readonly Spec[];
  readonly result: Rendered | Failure;
}
