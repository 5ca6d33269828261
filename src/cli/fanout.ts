import type { Config } from '../config/load.js';
import { billedSeconds, INVOCATION } from '../cost/ways.js';
import { MAKING, type Trade } from '../cost/trade.js';
import { workloadOf } from '../cost/workload-of.js';
import type { Engine } from '../engine/engine.js';
import { lambdaEngine } from '../engine/lambda.js';
import { deployedFunction, type DeployedFunction } from '../engine/lambda-client.js';
import { checkAccess, checkFunction, describeFunction, type Undertaken } from '../engine/lambda-handshake.js';
import type { Warning } from '../model/events.js';
import type { Description } from '../model/invocation.js';
import type { Job } from '../model/job.js';
import type { Requests } from '../model/requests.js';
import { UserError, type UserErrorCode } from '../model/user-error.js';
import type { Store } from '../store/store.js';
import { FANOUT, type CalledFunction } from './pricing.js';
import { mostConnections } from './s3-settings.js';

/** Which function the engine lambda calls, as a person says it. */
export interface FunctionChoice {
  /** Name or ARN. Default: the config's `lambda.function`. */
  readonly functionName?: string | undefined;
  /** Plan and estimate only: tells what is due and what it would cost, and writes nothing. Default false. */
  readonly dryRun?: boolean | undefined;
  /** With `dryRun`: measure so many originals, at least 2, in place of assuming what they take. Default: none. */
  readonly sample?: number | undefined;
}

interface Choice extends FunctionChoice {
  readonly concurrency?: number | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** The engine lambda, and the function behind it; no engines where a dry run does without. */
export interface Wired {
  readonly engines: { readonly engine: Engine; readonly trial: Engine } | null;
  readonly deployed: CalledFunction;
  readonly warnings: readonly Warning[];
  /** What the function sent to find out whether it can work. */
  readonly others: readonly { readonly requests: Requests }[];
}

/** Beyond the function that is asked what it is, how long that may take, in seconds: the start of an environment. */
const DESCRIBE_SECONDS = 60;

/** Invocations that are measured side by side: so few environments that each is warm for most of them. */
const TRIAL_CONCURRENCY = 8;

/** Why an estimate goes without the function that would do the work. */
const UNKNOWN: readonly UserErrorCode[] = ['function-missing', 'function-forbidden', 'endpoint-unreachable', 'credentials-missing', 'function-throttled'];

/**
 * Asks the function what it is, and sees that it will do what the run is about to ask, before anything is sent.
 *
 * @throws UserError; but a dry run that measures nothing goes without a function that cannot be asked, and says so
 */
export async function fanoutFor(choice: Choice, config: Config, originals: Store, run: Omit<Undertaken, 'originals' | 'region'>, trade: Trade = MAKING): Promise<Wired> {
  const name = choice.functionName ?? config.lambdaFunction;
  // Each invocation has a connection of its own.
  const concurrency = Math.min(choice.concurrency ?? FANOUT.concurrency, mostConnections());
  const mayGoWithout = choice.dryRun === true && choice.sample === undefined;
  const assumed = { engines: null, deployed: { ...FANOUT, concurrency }, others: [] };
  if (name === undefined) {
    if (mayGoWithout) return { ...assumed, warnings: [] };
    throw new UserError('function-unnamed', 'Which function does the work? Name it with --function, or as lambda.function in the config; imgvar deploy makes one.');
  }
  const settings = await reachOf(name, choice, config, originals);
  const { bucketRegion: region } = settings;
  const asked = await deployedFunction({ ...settings, connections: 1, timeoutSeconds: DESCRIBE_SECONDS });
  try {
    const { answer: description, log } = await describeFunction(asked);
    const unknown = checkFunction(name, description, { ...run, originals: originals.location, region });
    const most = Math.min(concurrency, (await asked.reserved()) ?? Infinity);
    if (most === 0) throw new UserError('function-throttled', `The function "${name}" may run 0 times at once (its reserved concurrency); raise that, then run the same command again.`);
    const places = { originals: originals.location, variants: run.variants };
    const checked = await checkAccess(asked, { ...places, access: choice.dryRun === true ? 'read' : 'write' });
    const called = await deployedFunction({ ...settings, connections: most, timeoutSeconds: description.timeoutSeconds });
    return {
      engines: enginesOf(called, description, [log, checked.log], most, { ...places, limits: config.limits }, trade),
      deployed: { ...deployedAs(description), concurrency: most, variantsClass: description.storageClass ?? 'STANDARD' },
      warnings: unknown.length === 0 ? [] : [lacks(name, unknown)],
      others: [checked.answer],
    };
  } catch (error) {
    if (!mayGoWithout || !(error instanceof UserError) || !UNKNOWN.includes(error.code)) throw error;
    const message = `${error.message} The estimate takes it to have ${FANOUT.memoryMb} MB, ${FANOUT.architecture}.`;
    return { ...assumed, warnings: [{ type: 'warning', code: 'function-unknown', message }] };
  } finally {
    asked.close();
  }
}

/**
 * What was deployed for live uploads, where a run on this machine begins to write a spec anew: what it goes on writing in the
 * old way would pass for new.
 *
 * @param name of the function that was deployed with it
 * @returns a warning where it cannot be asked, or not understood: it may be one for other locations
 * @throws UserError `function-outdated`
 */
export async function liveUploads(name: string, choice: Choice, config: Config, originals: Store, run: Omit<Undertaken, 'originals' | 'region'>): Promise<readonly Warning[]> {
  const settings = await reachOf(name, choice, config, originals);
  const asked = await deployedFunction({ ...settings, connections: 1, timeoutSeconds: DESCRIBE_SECONDS });
  let description: Description;
  try {
    description = (await describeFunction(asked)).answer;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ type: 'warning', code: 'function-unknown', message: `Whether live uploads are still made in the old way is unknown. ${error.message}` }];
  } finally {
    asked.close();
  }
  // In which region it is, is nothing to a run that does not call it.
  const isMeant = description.originals === originals.location && description.variants === run.variants;
  if (isMeant) checkFunction(name, description, { ...run, originals: originals.location, region: null });
  return [];
}

/** How a function is reached; and where the originals are, which is known once something was asked of their bucket. */
async function reachOf(name: string, choice: Choice, config: Config, originals: Store) {
  await originals.check('read');
  const bucketRegion = await originals.region();
  return { name, region: regionOf(name, choice, config), elseRegion: bucketRegion ?? 'us-east-1', profile: choice.profile ?? null, bucketRegion };
}

function enginesOf(called: DeployedFunction, description: Description, logsBefore: readonly string[], concurrency: number, places: { originals: string; variants: string; limits: Config['limits'] }, trade: Trade) {
  const { memoryMB, timeoutSeconds } = description;
  const { architecture } = deployedAs(description);
  const common = {
    name: called.name,
    invoke: called.invoke,
    deployed: { memoryMB, architecture, timeoutSeconds },
    secondsOf(job: Job): number {
      const { get, head, put } = trade.requestsFor(workloadOf(job, 0));
      return billedSeconds({ cpuSeconds: trade.jobWork(job, 0).cpuSeconds, gets: get + head, puts: put }, 1, memoryMB);
    },
    target: INVOCATION,
    onStop: () => called.close(),
  };
  return {
    engine: lambdaEngine({ ...common, logsBefore, concurrency, request: { ...places, dryRun: false } }),
    trial: lambdaEngine({ ...common, concurrency: Math.min(concurrency, TRIAL_CONCURRENCY), request: { ...places, dryRun: true } }),
  };
}

function deployedAs({ memoryMB, architecture }: Description) {
  return { memoryMb: memoryMB, architecture: architecture === 'x64' ? 'x86_64' : architecture } as const;
}

/** An ARN says it itself. */
function regionOf(name: string, { region }: Choice, { s3 }: Config): string | null {
  const [, inName] = /^arn:[^:]+:lambda:([^:]+):/.exec(name) ?? [];
  return inName ?? region ?? s3.region ?? null;
}

function lacks(name: string, specs: readonly string[]): Warning {
  const message = `Live uploads are made without ${specs.join(', ')} until what "${name}" was made from is deployed again (imgvar deploy); this run makes them all the same.`;
  return { type: 'warning', code: 'function-lacks-spec', message };
}
