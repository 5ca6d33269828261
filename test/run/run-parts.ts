import { LIST_PRICES } from '../../src/cost/list-prices.js';
import { MAKING } from '../../src/cost/trade.js';
import type { Engine } from '../../src/engine/engine.js';
import { parseLayout } from '../../src/model/layout.js';
import type { SessionParts } from '../../src/run/begin.js';
import type { RunParts } from '../../src/run/perform.js';
import type { Pricing } from '../../src/run/pricing.js';
import type { Source } from '../../src/run/reprocess.js';
import { memoryStore } from '../../src/store/memory.js';
import { spec } from '../support.js';

const NO_ENGINE: Engine = { name: 'local', mostTries: 1, run: () => { throw new Error('a dry run does no work'); } };

/** Folders, as it were: nothing costs anything. */
const PRICING: Pricing = {
  trade: MAKING,
  way: 'local',
  prices: LIST_PRICES,
  region: null,
  inRegion: false,
  freeTier: false,
  kms: false,
  variantsClass: 'STANDARD',
  here: { cores: 1, connections: 8 },
  fanout: { memoryMb: 1769, architecture: 'arm64', concurrency: 1000 },
};

export type Parts = RunParts & SessionParts & Source;

/** Two specs, and stores in memory; what is given takes the place of that. */
export function runParts(fields: Partial<Parts> = {}): Parts {
  const specs = fields.specs ?? [spec('a'), spec('b')];
  const variants = fields.variants ?? memoryStore('variants');
  return {
    originals: memoryStore('originals'),
    variants,
    engine: NO_ENGINE,
    trial: NO_ENGINE,
    pricing: PRICING,
    layout: parseLayout('{variant}/{path}', specs.map(({ name }) => name)),
    specs,
    lanes: 1,
    manifest: null,
    checkpoint: variants.own,
    leaseSeconds: 60,
    fresh: false,
    writing: { variants: 'variants', originals: 'originals', layout: '{variant}/{path}', all: specs, chosen: specs, deliberate: true, adopt: false },
    ...fields,
  };
}
