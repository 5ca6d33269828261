import { fingerprintOf } from '../model/fingerprint.js';
import type { Era, Eras } from '../model/ledger.js';
import { LayoutError, parseLayout, type Layout } from '../model/layout.js';
import { FORMATS, type Format, type Spec } from '../model/spec.js';

/** The key of a variant that was written by a spec which is gone. */
export interface Retired {
  /** What takes its place: of an earlier format the variant of the spec as it is now, for each original that it may have been of. */
  readonly successors: readonly { readonly original: string; readonly key: string }[];
}

/**
 * Tells keys of variants that were written by specs which are gone: those that the ledger has and the config has not, and
 * earlier formats of those that have changed and are written anew, as another format had another key. Null for all others.
 *
 * @param specs all of the config; at least one
 */
export function retiredKeys(template: string, specs: readonly Spec[], eras: Eras): (key: string) => Retired | null {
  const readings: { readonly layout: Layout; readonly specs: readonly Spec[]; readonly present: Spec | undefined }[] = [];
  for (const [name, ofSpec] of eras) {
    const present = specs.find((spec) => spec.name === name);
    const formats = present === undefined ? formatsOfGone(ofSpec) : formatsBefore(ofSpec, present);
    const layout = layoutOf(template, name);
    const like = present ?? specs[0];
    if (layout === undefined || like === undefined) continue;
    readings.push({ layout, specs: formats.map((format) => ({ ...like, name, format })), present });
  }
  return (key) => {
    const read = readings.flatMap(({ layout, specs: gone, present }) => layout.originalsOf(key, gone).map(({ original }) => ({ original, layout, present })));
    if (read.length === 0) return null;
    return { successors: read.flatMap(({ original, layout, present }) => (present === undefined ? [] : [{ original, key: layout.keyOf(original, present) }])) };
  };
}

/** Where an older ledger does not say which, it may have been any. */
function formatsOfGone(eras: readonly Era[]): readonly Format[] {
  return eras.every(({ format }) => format !== undefined) ? formatsIn(eras) : FORMATS;
}

/** None before the present spec has begun to be written: what is there is then all that there is. */
function formatsBefore(eras: readonly Era[], present: Spec): readonly Format[] {
  if (eras.at(-1)?.fingerprint !== fingerprintOf(present)) return [];
  return formatsIn(eras).filter((format) => format !== present.format);
}

function formatsIn(eras: readonly Era[]): readonly Format[] {
  return [...new Set(eras.flatMap(({ format }) => format ?? []))];
}

/** Undefined for a name that only an older imgvar took. */
function layoutOf(template: string, name: string): Layout | undefined {
  try {
    return parseLayout(template, [name]);
  } catch (error) {
    if (error instanceof LayoutError) return undefined;
    throw error;
  }
}
