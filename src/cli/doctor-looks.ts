import process from 'node:process';
import { loadConfig, type Config } from '../config/load.js';
import { imageLibrary } from '../engine/image-library.js';
import type { Found } from '../model/checkup.js';
import { parseLayout } from '../model/layout.js';
import { parseLocation, type Location } from '../model/location.js';
import type { Look } from '../run/checkups.js';
import { openStore } from '../store/open.js';
import { refuseOverlap } from '../store/overlap.js';
import type { Store } from '../store/store.js';
import { isNotYetMade } from './not-yet-made.js';
import { s3Settings, type S3Options } from './s3-settings.js';

export interface DoctorSettings extends S3Options {
  readonly originals?: string | undefined;
  readonly variants?: string | undefined;
  readonly config?: string | undefined;
  readonly functionName?: string | undefined;
}

const ok = (detail: string): Found => ({ result: 'ok', detail });
const skipped = (detail: string): Found => ({ result: 'skipped', detail });

/** Of what the config would say. */
const UNKNOWN = skipped('the config cannot be read');

/** Of Node, by which it was built and is tested; see `engines` in package.json. */
const OLDEST_NODE = [20, 9] as const;

/** AWS refuses requests that are signed with a time that is off by 15 minutes; long before, `--since` means another time. */
const CLOCK_SECONDS = 60;

/** Everything that a run needs, in the order in which it needs it. */
export function looksAt(settings: DoctorSettings, cwd: string): readonly Look[] {
  let config: Config | undefined;
  const opened: { originals?: Store; variants?: Store } = {};
  const place = (name: 'originals' | 'variants' | 'backup', given: string | undefined): Location | undefined =>
    given === undefined ? config?.[name] : parseLocation(given, cwd);
  const open = async (location: Location): Promise<Store> => openStore(location, s3Settings(settings, config?.s3 ?? NO_CHOICE, process.env, 1));

  const look = async (name: 'originals' | 'variants' | 'backup', given: string | undefined, access: 'read' | 'write'): Promise<Found> => {
    const location = place(name, given);
    if (location === undefined) return config === undefined ? UNKNOWN : skipped(`none is named; add "${name}" to the config`);
    const store = await open(location);
    if (name !== 'backup') opened[name] = store;
    const warnings = await store.check(access).catch((error: unknown) => {
      if (name !== 'backup' || !isNotYetMade(error, store)) throw error;
      return null;
    });
    if (warnings === null) return ok(`${store.location} is not there yet; the first copy makes it`);
    const [warning] = warnings;
    const region = await store.region();
    const where = `${store.location}${region === null ? '' : `, ${region}`}`;
    return warning === undefined ? ok(`${where}: can be ${access === 'read' ? 'listed' : 'written'}`) : { result: 'warning', detail: warning.message };
  };

  return [
    ['node', () => nodeFound()],
    ['images', imagesFound],
    ['config', async () => {
      config = await loadConfig({ file: settings.config, cwd });
      parseLayout(config.layout, config.specs.map(({ name }) => name));
      return config.source === 'defaults' ? { result: 'warning', detail: 'there is none, so the six specs of the preset levels hold; imgvar init writes one' } : ok(`${config.source}, ${config.specs.length} specs`);
    }],
    ['originals', () => look('originals', settings.originals, 'read')],
    ['variants', () => look('variants', settings.variants, 'write')],
    ['backup', () => look('backup', undefined, 'read')],
    ['apart', async () => {
      const [originals, variants] = [place('originals', settings.originals), place('variants', settings.variants)];
      if (originals === undefined || variants === undefined) return skipped('it takes both locations');
      await refuseOverlap(originals, variants);
      return ok('neither location lies in the other');
    }],
    ['clock', () => clockFound(opened.variants)],
    ['function', async () => {
      const name = settings.functionName ?? config?.lambdaFunction;
      const { originals, variants } = opened;
      if (config === undefined) return UNKNOWN;
      if (name === undefined) return skipped('none is named; it is for --engine lambda');
      if (originals === undefined || variants === undefined) return skipped('it takes both locations');
      const { fanoutFor } = await import('./fanout.js');
      const { deployed, warnings } = await fanoutFor({ functionName: name, region: settings.region, profile: settings.profile }, config, originals, { variants: variants.location, layout: config.layout, specs: config.specs });
      const [warning] = warnings;
      return warning === undefined ? ok(`${name}: ${deployed.memoryMb} MB, ${deployed.architecture}, lists the originals and writes the variants`) : { result: 'warning', detail: warning.message };
    }],
  ];
}

const NO_CHOICE = { requesterPays: false, timeoutSeconds: 15 } as const;

function nodeFound(): Found {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (isOld) return { result: 'failed', detail: `Node ${process.versions.node} is too old; install ${OLDEST_NODE.join('.')} or newer.` };
  return ok(`Node ${process.versions.node}, ${process.platform} ${process.arch}`);
}

async function imagesFound(): Promise<Found> {
  const library = await imageLibrary();
  if (library === null) return { result: 'failed', detail: `sharp has no build for ${process.platform} ${process.arch} here; install it anew: npm install --include=optional sharp` };
  if (library.broken.length > 0) return { result: 'failed', detail: `${library.versions} cannot do ${library.broken.join(', ')} here; install it anew: npm install --include=optional sharp` };
  return ok(`${library.versions}: jpeg, png, webp, avif, gif, tiff`);
}

/** By a file of imgvar's own, which is written, and removed where that is allowed. */
async function clockFound(variants: Store | undefined): Promise<Found> {
  if (variants === undefined) return skipped('it is read from the variants');
  const before = Date.now();
  await variants.own.write(CLOCK_CHECK, Buffer.from('{}'));
  const written = await variants.own.read(CLOCK_CHECK);
  await variants.own.remove(CLOCK_CHECK);
  if (written === undefined) return { result: 'failed', detail: `What was just written to ${variants.location} is not there; look at that store.` };
  const off = Math.round((written.lastModified - before) / 1000);
  if (Math.abs(off) <= CLOCK_SECONDS) return ok(`this machine and ${variants.location} agree`);
  return { result: 'warning', detail: `The clock of ${variants.location} is ${Math.abs(off)} s ${off > 0 ? 'ahead of' : 'behind'} this machine's; set the clock that is wrong. What is due goes by the store's alone.` };
}

const CLOCK_CHECK = 'clock-check';
