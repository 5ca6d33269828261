/** How the image is brought into the box of width and height; the words are those of CSS object-fit and of sharp. */
export const FITS = ['inside', 'outside', 'cover', 'contain', 'fill'] as const;
export type Fit = (typeof FITS)[number];

/** Which part stays when `cover` crops, or where the image stands when `contain` adds a border. */
export const POSITIONS = [
  'centre',
  'north',
  'northeast',
  'east',
  'southeast',
  'south',
  'southwest',
  'west',
  'northwest',
  'attention',
  'entropy',
] as const;
export type Position = (typeof POSITIONS)[number];

/** `original` is the content's own format where the web can show it, else jpeg. */
export const FORMATS = ['original', 'jpeg', 'webp', 'avif', 'png'] as const;
export type Format = (typeof FORMATS)[number];

/** Metadata that a variant may keep; all else is stripped. */
export const KEEPS = ['icc', 'copyright', 'exif'] as const;
export type Keep = (typeof KEEPS)[number];

/** What one variant must be, with every default filled in; null is "not set". */
export interface Spec {
  readonly name: string;
  /** Pixels. With both null the image keeps its size. */
  readonly width: number | null;
  readonly height: number | null;
  readonly fit: Fit;
  readonly position: Position;
  /** `#rrggbb` or `#rrggbbaa`: behind transparency where the format has none, and the border of `contain`. */
  readonly background: string;
  readonly format: Format;
  /** 1 to 100; null is the format's default (jpeg 80, webp 80, avif 50; png has none). */
  readonly quality: number | null;
  /** webp and avif. */
  readonly lossless: boolean;
  /** The encoder's CPU effort, webp 0 to 6, avif 0 to 9, png 1 to 10; null is the format's default. */
  readonly effort: number | null;
  /** jpeg and png. */
  readonly progressive: boolean;
  /** Whether an image smaller than the box is enlarged. */
  readonly enlarge: boolean;
  /** The Cache-Control header stored with the variant, where the store keeps headers. */
  readonly cacheControl: string | null;
  readonly keep: readonly Keep[];
  /** Whether an animation stays one where the format can; else its first frame. */
  readonly animated: boolean;
}
