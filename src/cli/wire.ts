import { availableParallelism } from 'node:os';
import process from 'node:process';
import { beginsEra } from '../checkpoint/ledger.js';
import { loadConfig, type Config } from '../config/load.js';
import type { Engine } from '../engine/engine.js';
import { localEngine } from '../engine/local.js';
import { parseLayout } from '../model/layout.js';
import { parseLocation, type Location } from '../model/location.js';
import type { Spec } from '../model/spec.js';
import { UserError } from '../model/user-error.js';
import type { SessionParts } from '../run/begin.js';
import type { RunParts } from '../run/perform.js';
import { urlPath } from '../stack/paths.js';
import type { FunctionChoice } from './fanout.js';
import { pricingOf, type PricingSettings } from './pricing.js';
import { graceSeconds, mostConnections, s3Settings } from './s3-settings.js';
import { openStore } from '../store/open.js';
import { refuseOverlap } from '../store/overlap.js';
import type { OwnFiles } from '../store/own-files.js';
import type { S3Settings } from '../store/s3-settings.js';
import type { Store } from '../store/store.js';

/** What a run is about, as a person says it. */
export interface RunSettings extends PricingSettings, FunctionChoice {
  /** A folder or `s3://bucket/prefix/`; with `variants`, or neither: then the config's. Relative to `cwd`. */
  readonly originals?: string | undefined;
  readonly variants?: string | undefined;
  /** A config file; default: imgvar.config.json, found upwards from `cwd`. */
  readonly config?: string | undefined;
  /** A named set of specs in place of the config's. */
  readonly preset?: string | undefined;
  /** Names of specs; default: all. */
  readonly only?: readonly string[] | undefined;
  /**
   * Originals in flight; default: two for each core, eight where a bucket takes part. With the engine lambda, invocations
   * in flight; default: 1,000, or as many as are reserved for the function.
   */
  readonly concurrency?: number | undefined;
  /** Address of a provider other than AWS. */
  readonly endpointUrl?: string | undefined;
  readonly region?: string | undefined;
  /** A named profile of ~/.aws. */
  readonly profile?: string | undefined;
  /** Parts of a bucket's listing that are gone through side by side. Default 8. */
  readonly listConcurrency?: number | undefined;
  /** Where the records of runs are kept: a folder or `s3://bucket/prefix/`. Default: with the variants. */
  readonly checkpoint?: string | undefined;
  /** Begin anew even if an earlier run can be gone on with. Default false. */
  readonly fresh?: boolean | undefined;
  /** Take the variants that exist as made by the present specs. Default false. */
  readonly adopt?: boolean | undefined;
  /** Where the work is done. Default: the config's, else `local`. */
  readonly engine?: 'local' | 'lambda' | undefined;
  /** Default: the working folder. */
  readonly cwd?: string | undefined;
}

/** How many originals are in flight for each core: one waits for its content while another's pixels are worked on. */
const IN_FLIGHT_PER_CORE = { folder: 2, s3: 8 };

/** Parts of a bucket's listing that are gone through side by side: each lists originals and all variants. */
const LANES = 8;

export interface Wired extends RunParts, SessionParts {
  /** Looks at variants that are there, on this machine. */
  readonly checker: Engine;
  /** A whole bucket, reached as the locations are. */
  readonly openBucket: (bucket: string) => Promise<Store>;
  /** Who delivers the variants, and the URL path of their root, with slashes around. */
  readonly delivery: { readonly distribution?: string | undefined; readonly base: string };
  /** USD above which a run asks before it begins. */
  readonly confirmAbove: number;
}

/** The one place where the concrete parts are constructed. @param adopt null where nobody could say so @throws UserError */
export async function wire(settings: RunSettings, adopt: boolean | null = settings.adopt ?? false): Promise<Wired> {
  const cwd = settings.cwd ?? process.cwd();
  const config = await loadConfig({ file: settings.config, preset: settings.preset, cwd });
  const engine = engineOf(settings, config.engine);
  const { originals, variants } = locations(settings, config, cwd);
  await refuseOverlap(originals, variants);

  const cores = availableParallelism();
  const kind = originals.kind === 's3' || variants.kind === 's3' ? 's3' : 'folder';
  const concurrency = (engine === 'local' ? settings.concurrency : undefined) ?? cores * IN_FLIGHT_PER_CORE[kind];
  const processes = Math.min(cores, concurrency);
  const s3 = s3Settings(settings, config.s3, process.env, Math.ceil(concurrency / processes));
  const specs = chosenSpecs(config.specs, settings.only);
  const lanes = settings.listConcurrency ?? LANES;
  // Here it is for listing: each lane lists the originals and the variants of each spec, and a page ahead.
  const listing = { ...s3, connections: Math.max(s3.connections, Math.min(lanes * (1 + specs.length) * 2, mostConnections())) };
  const stores = { originals: await openStore(originals, listing), variants: await openStore(variants, listing) };
  const layout = parseLayout(config.layout, config.specs.map((spec) => spec.name));
  const local = {
    setup: { originals: stores.originals.location, variants: stores.variants.location, s3, limits: config.limits },
    memory: config.memory * 1e6,
    processes,
    env: process.env,
    graceSeconds: graceSeconds(kind, s3.timeoutSeconds),
  };
  const engines = { engine: localEngine({ ...local, concurrency }), trial: localEngine({ ...local, concurrency: processes, kind: 'trial' }) } as const;
  const undertaken = { variants: stores.variants.location, layout: layout.template, specs };
  // Loaded only where it is needed, as it takes its time.
  const fanout = engine === 'local' ? null : await (await import('./fanout.js')).fanoutFor(settings, config, stores.originals, undertaken);
  const writing = {
    variants: stores.variants.location,
    originals: stores.originals.location,
    layout: layout.template,
    all: config.specs,
    chosen: specs,
    deliberate: config.source !== 'defaults',
    adopt,
  };
  const liveFunction = originals.kind === 's3' && variants.kind === 's3' ? config.lambdaFunction : undefined;
  const mayWriteAnew = engine === 'local' && settings.dryRun !== true && writing.adopt !== true;
  const live = liveFunction !== undefined && mayWriteAnew && (await beginsEra(stores.variants.own, writing))
    ? await (await import('./fanout.js')).liveUploads(liveFunction, settings, config, stores.originals, undertaken)
    : [];
  return {
    ...stores,
    ...engines,
    ...fanout?.engines,
    checker: localEngine({ ...local, concurrency, kind: 'check' }),
    warnings: fanout?.warnings ?? live,
    others: fanout?.others ?? [],
    openBucket: (bucket) => openStore({ kind: 's3', bucket, prefix: '' }, s3),
    layout,
    specs,
    lanes,
    pricing: await pricingOf(settings, config, cwd, engine, { cores, connections: processes * s3.connections }, fanout?.deployed),
    checkpoint: await checkpointOf(settings, stores.variants, s3),
    delivery: { distribution: config.cloudFront.distribution, base: config.cloudFront.path ?? (variants.kind === 's3' ? urlPath(variants.prefix) : '/') },
    confirmAbove: config.confirmAbove,
    leaseSeconds: config.leaseSeconds,
    fresh: settings.fresh ?? false,
    writing,
  };
}

/** @param otherwise where nobody has typed one @throws UserError `usage` for a function where nothing says that one does the work */
export function engineOf({ engine, functionName }: Pick<RunSettings, 'engine' | 'functionName'>, otherwise: Config['engine']): Config['engine'] {
  if (functionName !== undefined && engine === undefined && otherwise !== 'lambda') {
    throw new UserError('usage', '--function says which function does the work; give it with --engine lambda.');
  }
  return engine ?? otherwise;
}

function locations(settings: RunSettings, config: Config, cwd: string): { originals: Location; variants: Location } {
  if (settings.originals !== undefined && settings.variants !== undefined) {
    return { originals: parseLocation(settings.originals, cwd), variants: parseLocation(settings.variants, cwd) };
  }
  if (settings.originals !== undefined || settings.variants !== undefined) {
    const missing = settings.originals === undefined ? 'originals' : 'variants';
    throw new UserError('usage', `Where are the ${missing}? Give both locations, originals and variants, or neither to take those of the config.`);
  }
  if (config.originals !== undefined && config.variants !== undefined) return { originals: config.originals, variants: config.variants };
  if (config.originals !== undefined || config.variants !== undefined) {
    const missing = config.originals === undefined ? 'originals' : 'variants';
    throw new UserError('config-invalid', `${config.source} does not say where the ${missing} are; add "${missing}", or give both locations on the command line.`);
  }
  throw new UserError(
    'usage',
    'Where are the originals? Give two locations (imgvar reprocess ORIGINALS VARIANTS), or write a config with: imgvar init',
  );
}

async function checkpointOf(settings: RunSettings, variants: Store, s3: S3Settings): Promise<OwnFiles> {
  if (settings.checkpoint === undefined) return variants.own;
  const store = await openStore(parseLocation(settings.checkpoint, settings.cwd ?? process.cwd()), s3);
  if (settings.dryRun !== true) await store.check('write');
  return store.own;
}

export function chosenSpecs(specs: readonly Spec[], only: readonly string[] | undefined): readonly Spec[] {
  if (only === undefined) return specs;
  for (const name of only) {
    if (!specs.some((spec) => spec.name === name)) {
      const known = specs.map((spec) => spec.name).join(', ');
      throw new UserError('usage', `There is no spec "${name}"; the specs are: ${known}.`);
    }
  }
  return specs.filter((spec) => only.includes(spec.name));
}
