import { fingerprintOf } from './fingerprint.js';
import type { Format, Spec } from './spec.js';

/** From `since` on (milliseconds, by the store's clock) variants were written by a spec of this fingerprint. */
export interface Era {
  readonly fingerprint: string;
  readonly since: number;
  /** Of the spec, as it decides on keys; ledgers of an earlier version do not say it. */
  readonly format?: Format | undefined;
}

/**
 * By which specs the variants of a root were written, and when: a variant has the fingerprint of the era in which it was
 * written. So a changed spec is noticed without reading any object, and one that is changed back finds again what it wrote.
 */
export type Eras = ReadonlyMap<string, readonly Era[]>;

/** Tells for one spec, by when a variant was written, whether it was made by another spec than the present one. */
export type IsStale = (writtenAt: number) => boolean;

export function staleness(eras: Eras, spec: Spec): IsStale {
  const ofSpec = eras.get(spec.name) ?? [];
  const fingerprint = fingerprintOf(spec);
  if (ofSpec.every((era) => era.fingerprint === fingerprint)) return () => false;
  return (writtenAt) => {
    const era = ofSpec.findLast(({ since }) => since <= writtenAt);
    return era !== undefined && era.fingerprint !== fingerprint;
  };
}

/** The specs that are not those of their last era, and so begin a new one when they are written. */
export function changedSpecs(eras: Eras, specs: readonly Spec[]): readonly Spec[] {
  return specs.filter((spec) => {
    const last = eras.get(spec.name)?.at(-1);
    return last !== undefined && last.fingerprint !== fingerprintOf(spec);
  });
}

/** With a new era for these specs. One that has none yet has always been as it is: what exists of it is adopted. */
export function withEras(eras: Eras, specs: readonly Spec[], since: number): Eras {
  const next = new Map(eras);
  for (const spec of specs) {
    const earlier = eras.get(spec.name) ?? [];
    next.set(spec.name, [...earlier, { fingerprint: fingerprintOf(spec), since: earlier.length === 0 ? 0 : since, format: spec.format }]);
  }
  return next;
}
