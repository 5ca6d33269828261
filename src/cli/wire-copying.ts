import { availableParallelism } from 'node:os';
import process from 'node:process';
import { loadConfig, type Config } from '../config/load.js';
import { copyingTrade } from '../cost/trade.js';
import type { Engine } from '../engine/engine.js';
import { localEngine } from '../engine/local.js';
import { COPY_SPEC, SAME_KEYS, type CopyKind } from '../model/copy.js';
import { locationText, parseLocation, type Location } from '../model/location.js';
import type { StoredObject } from '../model/original.js';
import { UserError } from '../model/user-error.js';
import type { VerifyParts } from '../run/verify.js';
import { memoryStore } from '../store/memory.js';
import { openStore } from '../store/open.js';
import { refuseOverlap } from '../store/overlap.js';
import { ownUnder } from '../store/own-under.js';
import type { Store } from '../store/store.js';
import type { FunctionChoice } from './fanout.js';
import { isNotYetMade } from './not-yet-made.js';
import { pricingOf, type PricingSettings } from './pricing.js';
import { graceSeconds, s3Settings, type S3Options } from './s3-settings.js';
import { engineOf } from './wire.js';

/** What copying originals is about, as a person says it. */
export interface CopySettings extends PricingSettings, FunctionChoice, S3Options {
  /** With `backup`, or neither: then the config's. */
  readonly originals?: string | undefined;
  readonly backup?: string | undefined;
  readonly config?: string | undefined;
  /** Copies in flight. Default: 32 for each core; with the engine lambda, invocations, 50. */
  readonly concurrency?: number | undefined;
  readonly listConcurrency?: number | undefined;
  readonly checkpoint?: string | undefined;
  readonly fresh?: boolean | undefined;
  /** Take the copies that exist as those of these originals, also where they were remembered as of others. Default: false. */
  readonly adopt?: boolean | undefined;
  readonly engine?: 'local' | 'lambda' | undefined;
  readonly cwd?: string | undefined;
}

export interface WiredCopying extends VerifyParts {
  /** Does another kind of the same work, on this machine. */
  readonly engineOf: (kind: CopyKind) => Engine;
  readonly confirmAbove: number;
}

/** Copies wait for the store and need next to no computing. */
const IN_FLIGHT_PER_CORE = 32;

/** The deployed function backs up live uploads as well: most of the account's concurrency is left to these. */
const INVOCATIONS = 50;

const LANES = 8;

/** A copy of terabytes takes its time, in seconds; a worker that is silent for longer counts as hung. */
const LONGEST = 3600;

/**
 * The parts of a run that copies originals as they are: to the backup, or back.
 *
 * @param trusts whether a copy of the same size that is no older passes for the same; else each is looked at closely when it is its turn
 * @throws UserError
 */
export async function wireCopying(settings: CopySettings, kind: CopyKind, { trusts = kind === 'back-up' || kind === 'bring-back' } = {}): Promise<WiredCopying> {
  const cwd = settings.cwd ?? process.cwd();
  const config = await loadConfig({ file: settings.config, cwd });
  const engineName = engineOf(settings, 'local');
  const { originals, backup } = locations(settings, config, cwd);
  if (originals.kind !== backup.kind) {
    throw new UserError('location-unsupported', `Originals are backed up from bucket to bucket or from folder to folder, not from ${locationText(originals)} to ${locationText(backup)}.`);
  }
  await refuseOverlap(originals, backup, 'backup');
  const [from, to] = kind === 'back-up' || kind === 'compare' ? [originals, backup] : [backup, originals];
  const cores = availableParallelism();
  const concurrency = (engineName === 'local' ? settings.concurrency : undefined) ?? cores * IN_FLIGHT_PER_CORE;
  const processes = Math.min(cores, concurrency);
  const s3 = s3Settings(settings, config.s3, process.env, Math.ceil(concurrency / processes));
  const source = await openStore(from, s3);
  const opened = await openStore(to, s3);
  const state = kind === 'back-up' ? await stateStore(settings, config, opened, cwd) : memoryStore();
  // What imgvar remembers does not stand among backups, which may be locked, nor among originals, where it would be an upload.
  const target: Store = { ...opened, get requests() { return opened.requests; }, own: ownUnder(state.own, 'backup/'), check: (access) => (access === 'write' ? checked(opened, state) : opened.check('read')) };
  const setup = { originals: source.location, variants: opened.location, s3, limits: { ...config.limits, seconds: LONGEST } };
  const memory = from.kind === 's3' ? Infinity : config.memory * 1e6;
  const local = (what: CopyKind) => localEngine({ setup, concurrency, memory, processes, env: process.env, graceSeconds: graceSeconds(from.kind, s3.timeoutSeconds), kind: what });
  const specs = [COPY_SPEC];
  const functionName = settings.functionName ?? config.lambdaBackup;
  const trade = copyingTrade(kind);
  const fanout = engineName === 'local' ? null
    : await (await import('./fanout.js')).fanoutFor({ ...settings, functionName, concurrency: settings.concurrency ?? INVOCATIONS }, config, source, { variants: opened.location, layout: SAME_KEYS.template, specs }, trade);
  const pricing = await pricingOf({ ...settings, inRegion: true }, config, cwd, engineName, { cores, connections: processes * s3.connections }, fanout?.deployed);
  return {
    originals: source,
    variants: target,
    engine: fanout?.engines?.engine ?? local(kind),
    trial: fanout?.engines?.trial ?? local(kind),
    engineOf: local,
    checker: local('compare'),
    others: fanout?.others ?? [],
    warnings: fanout?.warnings ?? [],
    layout: SAME_KEYS,
    specs,
    lanes: settings.listConcurrency ?? LANES,
    // A copy is asked for without a class, so that it is of the Standard one.
    pricing: { ...pricing, trade, variantsClass: 'STANDARD' },
    checkpoint: target.own,
    confirmAbove: config.confirmAbove,
    leaseSeconds: config.leaseSeconds,
    fresh: settings.fresh ?? false,
    compare: (one, other) => compared(one, other, kind === 'compare' ? 'same' : trusts ? 'unknown' : 'different'),
    writing: { variants: opened.location, originals: source.location, layout: SAME_KEYS.template, all: specs, chosen: specs, deliberate: true, adopt: settings.adopt ?? false, noun: 'copies' },
  };
}

/** ETags that are MD5 sums of the content say it surely; those of large and encrypted objects, and of files, say nothing. */
function compared(original: StoredObject, copy: StoredObject, otherwise: Compared): Compared {
  if (original.size !== copy.size) return 'different';
  return original.etag === copy.etag && /^[0-9a-f]{32}$/.test(copy.etag) ? 'same' : otherwise;
}

type Compared = 'same' | 'different' | 'unknown';

async function checked(to: Store, state: Store): ReturnType<Store['check']> {
  await to.check('read').catch((error: unknown) => {
    if (!isNotYetMade(error, to)) throw error;
  });
  return state.check('write');
}

/** Where a backup run is remembered: where that was said; else with the variants, or, where none are known, in the backup itself. */
async function stateStore(settings: CopySettings, config: Config, backup: Store, cwd: string): Promise<Store> {
  const s3 = s3Settings(settings, config.s3, process.env, 1);
  if (settings.checkpoint !== undefined) return openStore(parseLocation(settings.checkpoint, cwd), s3);
  return config.variants !== undefined && settings.originals === undefined ? openStore(config.variants, s3) : backup;
}

function locations(settings: CopySettings, config: Config, cwd: string): { originals: Location; backup: Location } {
  if (settings.originals !== undefined && settings.backup !== undefined) {
    return { originals: parseLocation(settings.originals, cwd), backup: parseLocation(settings.backup, cwd) };
  }
  if (settings.originals !== undefined || settings.backup !== undefined) {
    const missing = settings.originals === undefined ? 'originals' : 'backups';
    throw new UserError('usage', `Where are the ${missing}? Give both locations, originals and backup, or neither to take those of the config.`);
  }
  if (config.originals !== undefined && config.backup !== undefined) return { originals: config.originals, backup: config.backup };
  const missing = config.originals === undefined ? 'originals' : 'backup';
  throw new UserError('usage', `Where is the backup? Give two locations, originals and backup, or add "${missing}" to ${config.source === 'defaults' ? 'a config (imgvar init)' : config.source}.`);
}
