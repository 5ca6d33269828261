import type { Eras } from '../model/ledger.js';
import { LayoutError, parseLayout, type Layout } from '../model/layout.js';
import { FORMATS, type Spec } from '../model/spec.js';

/**
 * Tells keys of variants that were written by specs which are gone: those that the ledger has and the config has not, and
 * earlier formats of those that have changed, as another format may have had another key.
 *
 * @param specs all of the config; at least one
 */
export function retiredKeys(template: string, specs: readonly Spec[], eras: Eras): (key: string) => boolean {
  const readings: { readonly layout: Layout; readonly specs: readonly Spec[] }[] = [];
  for (const [name, ofSpec] of eras) {
    const present = specs.find((spec) => spec.name === name);
    if (present !== undefined && ofSpec.length === 1) continue;
    const layout = layoutOf(template, name);
    const like = present ?? specs[0];
    if (layout === undefined || like === undefined) continue;
    readings.push({ layout, specs: FORMATS.filter((format) => format !== present?.format).map((format) => ({ ...like, name, format })) });
  }
  return (key) => readings.some((reading) => reading.layout.originalsOf(key, reading.specs).length > 0);
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
