import { acquireLock } from '../checkpoint/lock.js';
import { appendEras } from '../checkpoint/ledger.js';
import type { Config } from '../config/load.js';
import { staleness, type IsStale } from '../model/ledger.js';
import type { Places } from './places.js';

/**
 * Begins an era for each spec that has changed since the variants were last written, as a deployment does, so that what was
 * made by another spec is known, here and by every run.
 *
 * @param adopt take all that exists as made by the present specs
 * @returns for each spec, by its name, which variants are of another one
 * @throws UserError `locked`, `ledger-mismatch`, `ledger-damaged`
 */
export async function beginEras({ originals, variants, layout, specs }: Places, { source, leaseSeconds }: Config, adopt: boolean): Promise<ReadonlyMap<string, IsStale>> {
  const writing = {
    originals: originals.location,
    variants: variants.location,
    layout: layout.template,
    all: specs,
    chosen: specs,
    deliberate: source !== 'defaults',
    adopt,
  };
  const lock = await acquireLock(variants.own, variants.location, 'dev', leaseSeconds);
  try {
    const { eras } = await appendEras(variants.own, writing);
    return new Map(specs.map((spec) => [spec.name, staleness(eras, spec)]));
  } finally {
    await lock.release();
  }
}
