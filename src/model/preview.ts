import type { FailureCode } from './failure.js';

/** A variant as it is, or would be. */
export interface PreviewImage {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** Pixels; null where they are not known. */
  readonly width: number | null;
  readonly height: number | null;
}

/** What one spec makes of an original now, beside what there is. */
export interface PreviewSpec {
  readonly name: string;
  readonly key: string;
  /** Null where it cannot be made. */
  readonly made: PreviewImage | null;
  readonly trouble: { readonly code: FailureCode; readonly detail: string } | null;
  /** Null where there is none. */
  readonly current: PreviewImage | null;
  /** SSIM, from 0 to 1: to the same pixels without loss, and to what there is. Null where it could not be measured. */
  readonly likeness: { readonly lossless: number | null; readonly current: number | null };
}

export interface Preview {
  readonly original: string;
  readonly bytes: number;
  readonly specs: readonly PreviewSpec[];
}
