import type { Spec } from '../model/spec.js';
import { expectedOf } from './expected.js';
import { invokedLines, lambdaLines, lambdaTime, type Fanout } from './lambda.js';
import { lineOf, merged, totalOf, type Line } from './lines.js';
import type { Nano } from './money.js';
import { pricesOf, required, type Architecture, type Prices } from './prices.js';
import { classPrices } from './store-lines.js';
import type { WallTime } from './wall-time.js';
import { billedSeconds } from './ways.js';

/** A backfill that nobody has to have a bucket for. */
export interface Scenario {
  readonly count: number;
  /** Variants of each original. */
  readonly perOriginal: number;
  /** Of an original; the model of work expects the rest from it. */
  readonly averageBytes: number;
  readonly region: string;
  /** How it was done, or how somebody does it: one invocation for each original, of so many billed seconds. */
  readonly memoryMb: number;
  readonly architecture: Architecture;
  readonly seconds: number;
}

/**
 * A seventh variant was added to 300,000 images of "more than 8 GB", and all seven were made anew, for $27.50. The
 * duration is what is left of that when the requests are paid. Source: AWS Partner Network blog, "Cutting Costs with AWS
 * Lambda for Highly Scalable Image Processing"; how it follows is in docs/cost-model.md.
 */
export const LEVELS: Scenario = {
  count: 300_000,
  perOriginal: 7,
  averageBytes: 27_000,
  region: 'us-east-1',
  memoryMb: 1536,
  architecture: 'x86_64',
  seconds: 2.243,
};

/** What the same work takes with imgvar: one whole vCPU of arm64. */
const TODAY = { memoryMb: 1769, architecture: 'arm64', concurrency: 1000, originalsPerInvocation: 1 } as const satisfies Fanout;

export interface ScenarioColumn {
  readonly name: 'as-it-was' | 'today-all' | 'today-added';
  readonly perOriginal: number;
  readonly memoryMb: number;
  readonly architecture: Architecture;
  /** Billed for one original, without cold starts. */
  readonly seconds: number;
  readonly lines: readonly Line[];
  readonly total: Nano;
  readonly time: WallTime | null;
}

/**
 * The scenario as it was, and what it would be today: all variants, and only the one that was added.
 *
 * @param specs what is made of each original, the added one last; taken in turn if there are to be more
 * @throws UserError `price-missing`
 */
export function scenarioColumns(scenario: Scenario, prices: Prices, specs: readonly Spec[]): readonly ScenarioColumn[] {
  const all = Array.from({ length: scenario.perOriginal }, (_, index) => specs[index % specs.length]).filter((spec) => spec !== undefined);
  return [asItWas(scenario, prices), today('today-all', scenario, prices, all), today('today-added', scenario, prices, specs.slice(-1))];
}

function asItWas({ count, perOriginal, region, memoryMb, architecture, seconds }: Scenario, prices: Prices): ScenarioColumn {
  const gbSeconds = { arm64: 0, x86_64: 0, [architecture]: (count * seconds * memoryMb) / 1024 };
  const standard = classPrices(pricesOf(prices, region), region, 'STANDARD');
  const lines = merged([
    lineOf('get', count, standard.get),
    lineOf('put', count * perOriginal, standard.put),
    ...invokedLines({ invocations: count, gbSeconds, logBytes: 0 }, { prices, region, freeTier: false }),
  ]);
  return { name: 'as-it-was', perOriginal, memoryMb, architecture, seconds, lines, total: totalOf(lines), time: null };
}

/** Listing both sides, reading and confirming each original, and everything that Lambda bills: cold starts and logs as well. */
function today(name: ScenarioColumn['name'], { count, averageBytes, region }: Scenario, prices: Prices, specs: readonly Spec[]): ScenarioColumn {
  const { memoryMb, architecture } = TODAY;
  const due = specs.map((spec) => ({ spec, reason: 'missing' as const }));
  const { cpuSeconds } = expectedOf({ original: { key: 'x.jpg', size: averageBytes }, due });
  const seconds = billedSeconds({ cpuSeconds, gets: 2, puts: specs.length }, 1, memoryMb);
  const known = pricesOf(prices, region);
  const standard = classPrices(known, region, 'STANDARD');
  const pages = Math.ceil(count / KEYS_ON_A_PAGE) * (1 + specs.length);
  const work = { originals: count, secondsPerOriginal: seconds, gets: 2 * count, puts: count * specs.length };
  const lines = merged([
    lineOf('list', pages, required(known.s3, region, 's3').list),
    lineOf('get', count, standard.get),
    lineOf('head', count, standard.get),
    lineOf('put', work.puts, standard.put),
    ...lambdaLines(work, TODAY, { prices, region, freeTier: false }),
  ]);
  return { name, perOriginal: specs.length, memoryMb, architecture, seconds, lines, total: totalOf(lines), time: lambdaTime(work, TODAY) };
}

/** ListObjectsV2 gives no more at once. */
const KEYS_ON_A_PAGE = 1000;
