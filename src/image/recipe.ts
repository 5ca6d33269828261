import type { Position, Spec } from '../model/spec.js';
import { geometry, type Geometry } from './geometry.js';
import type { Header } from './header.js';
import type { InputFormat } from './identify.js';
import type { ContentFormat } from './rendered.js';

/** What has to be done for a variant, with all that does not matter for this original left out. */
export interface Recipe {
  readonly geometry: Geometry;
  /** Centre where nothing is cut or framed. */
  readonly position: Position;
  /** `#rrggbb`, with `aa` where the variant may be transparent; null where nothing is filled. */
  readonly background: string | null;
  /** Every frame, not only the first. */
  readonly moves: boolean;
  /** Pixels stay in the original's colour space, and its profile goes along; else sRGB without one. */
  readonly ownProfile: boolean;
  readonly exif: boolean;
  readonly copyright: boolean;
  readonly encoding: Encoding;
}

export interface Encoding {
  readonly format: ContentFormat;
  readonly quality: number | null;
  readonly effort: number | null;
  readonly lossless: boolean;
  readonly progressive: boolean;
}

/** Specs with the same recipe have the same bytes as their variant. */
export interface Recipes {
  readonly recipe: Recipe;
  readonly specs: readonly Spec[];
}

/** One recipe for all specs that have the same one, in the order of their first spec. */
export function recipes(header: Header, specs: readonly Spec[]): readonly Recipes[] {
  const found = new Map<string, { recipe: Recipe; specs: Spec[] }>();
  for (const spec of specs) {
    const recipe = recipeOf(header, spec);
    const key = JSON.stringify(recipe);
    const same = found.get(key);
    if (same === undefined) found.set(key, { recipe, specs: [spec] });
    else same.specs.push(spec);
  }
  return [...found.values()];
}

function recipeOf(header: Header, spec: Spec): Recipe {
  const format = outputFormat(header.format, spec);
  const moves = header.frames > 1 && spec.animated && (format === 'gif' || format === 'webp');
  const place = geometry(header.size, spec);
  const opaque = format === 'jpeg';
  const filled = place.then === 'frame' || (opaque && header.hasAlpha);
  const ownProfile = spec.keep.includes('icc') && header.profile === 'rgb' && format !== 'gif';
  return {
    geometry: place,
    position: place.then === 'none' ? 'centre' : spec.position,
    background: filled ? (opaque ? spec.background.slice(0, 7) : spec.background) : null,
    moves,
    ownProfile,
    exif: spec.keep.includes('exif') && header.exif !== undefined,
    copyright: spec.keep.includes('copyright') && (header.tags !== undefined || header.xmp !== undefined),
    encoding: encodingOf(format, spec),
  };
}

/** The content's own format where the web shows it. */
const SHOWN: Readonly<Record<InputFormat, ContentFormat>> = {
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  avif: 'avif',
  tiff: 'jpeg',
  svg: 'jpeg',
};

function outputFormat(input: InputFormat, spec: Spec): ContentFormat {
  return spec.format === 'original' ? SHOWN[input] : spec.format;
}

/** Lowest and highest effort, where the format has one. */
const EFFORTS: Readonly<Partial<Record<ContentFormat, readonly [number, number]>>> = {
  webp: [0, 6],
  avif: [0, 9],
  png: [1, 10],
  gif: [1, 10],
};

/** With `format: original` one spec meets several formats, so options that a format lacks are dropped or brought in range. */
function encodingOf(format: ContentFormat, spec: Spec): Encoding {
  const modern = format === 'webp' || format === 'avif';
  const lossless = modern && spec.lossless;
  const range = EFFORTS[format];
  return {
    format,
    quality: (modern && !lossless) || format === 'jpeg' ? spec.quality : null,
    effort: range === undefined || spec.effort === null ? null : Math.min(Math.max(spec.effort, range[0]), range[1]),
    lossless,
    progressive: (format === 'jpeg' || format === 'png') && spec.progressive,
  };
}
