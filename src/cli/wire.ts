import { availableParallelism } from 'node:os';
import process from 'node:process';
import { loadConfig, type Config } from '../config/load.js';
import { localEngine } from '../engine/local.js';
import { parseLayout } from '../model/layout.js';
import { parseLocation, type Location } from '../model/location.js';
import type { Spec } from '../model/spec.js';
import { UserError } from '../model/user-error.js';
import type { RunParts } from '../run/perform.js';
import { openStore } from '../store/open.js';
import { refuseOverlap } from '../store/overlap.js';

/** What a run is about, as a person says it. */
export interface RunSettings {
  /** A folder; with `variants`, or neither: then the config's. Relative to `cwd`. */
  readonly originals?: string | undefined;
  readonly variants?: string | undefined;
  /** A config file; default: imgvar.config.json, found upwards from `cwd`. */
  readonly config?: string | undefined;
  /** A named set of specs in place of the config's. */
  readonly preset?: string | undefined;
  /** Names of specs; default: all. */
  readonly only?: readonly string[] | undefined;
  /** Originals in flight; default: two for each core. */
  readonly concurrency?: number | undefined;
  /** Default: the working folder. */
  readonly cwd?: string | undefined;
}

/** How many originals are in flight for each core: one waits for its files while another's pixels are worked on. */
const IN_FLIGHT_PER_CORE = 2;

/** The one place where the concrete parts are constructed. @throws UserError */
export async function wire(settings: RunSettings): Promise<RunParts> {
  const cwd = settings.cwd ?? process.cwd();
  const config = await loadConfig({ file: settings.config, preset: settings.preset, cwd });
  if (config.engine !== 'local') {
    throw new UserError('config-invalid', `${config.source}: the engine "${config.engine}" is not part of this version; use "local".`);
  }
  const { originals, variants } = locations(settings, config, cwd);
  await refuseOverlap(originals, variants);

  const cores = availableParallelism();
  const concurrency = settings.concurrency ?? cores * IN_FLIGHT_PER_CORE;
  const stores = { originals: openStore(originals), variants: openStore(variants) };
  return {
    ...stores,
    layout: parseLayout(config.layout, config.specs.map((spec) => spec.name)),
    specs: chosenSpecs(config.specs, settings.only),
    engine: localEngine({
      setup: { originals: stores.originals.location, variants: stores.variants.location, limits: config.limits },
      concurrency,
      processes: Math.min(cores, concurrency),
      env: process.env,
    }),
  };
}

function locations(settings: RunSettings, config: Config, cwd: string): { originals: Location; variants: Location } {
  if (settings.originals !== undefined && settings.variants !== undefined) {
    return { originals: parseLocation(settings.originals, cwd), variants: parseLocation(settings.variants, cwd) };
  }
  if (settings.originals !== undefined || settings.variants !== undefined) {
    throw new UserError('usage', 'Give both locations, originals and variants, or neither to take those of the config.');
  }
  if (config.originals === undefined || config.variants === undefined) {
    throw new UserError(
      'usage',
      'Where are the originals? Give two folders (imgvar reprocess ORIGINALS VARIANTS), or write a config with: imgvar init',
    );
  }
  return { originals: config.originals, variants: config.variants };
}

function chosenSpecs(specs: readonly Spec[], only: readonly string[] | undefined): readonly Spec[] {
  if (only === undefined) return specs;
  for (const name of only) {
    if (!specs.some((spec) => spec.name === name)) {
      const known = specs.map((spec) => spec.name).join(', ');
      throw new UserError('usage', `There is no spec "${name}"; the specs are: ${known}.`);
    }
  }
  return specs.filter((spec) => only.includes(spec.name));
}
