import { createServer } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { invocationsFor, lambdaTime } from '../../src/cost/lambda.js';
import { INVOCATION } from '../../src/cost/ways.js';
import { REAL_CLOCK } from '../../src/engine/clock.js';
import { deployedFunction } from '../../src/engine/lambda-client.js';
import { VirtualClock } from '../engine/virtual-clock.js';
import { reprocess } from '../../src/run/reprocess.js';
import type { RunControl } from '../../src/run/perform.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import { runParts } from '../run/run-parts.js';
import { spec } from '../support.js';
import { accounted, engineOver, listedOriginals } from './fan-out.js';
import { LEVELS_SIMULATION, SimulatedLambda, type Simulation } from './simulated.js';

/** The scenario's. */
const ORIGINALS = 300_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function simulate(simulation: Simulation, concurrency: number) {
  const clock = new VirtualClock();
  const lambda = new SimulatedLambda(simulation, clock);
  const engine = engineOver(simulation, (payload) => lambda.invoke(payload), concurrency, clock);
  let isOver = false;
  let endedAt = 0;
  const heaps: number[] = [];
  const run = async () => {
    const counted = await accounted(engine, ORIGINALS, (done) => {
      if (done % (ORIGINALS / 6) !== 0) return;
      collectGarbage();
      heaps.push(process.memoryUsage().heapUsed);
    });
    endedAt = clock.now();
    isOver = true;
    return counted;
  };
  const live = lambda.liveTraffic(40, 0.5, () => isOver);
  const [{ seen, failed }] = await clock.runUntil(Promise.all([run(), live]));
  return { lambda, engine, seen, failed, seconds: endedAt / 1000, heaps };
}

const perInvocation = Math.floor(INVOCATION.seconds / LEVELS_SIMULATION.originalSeconds);

describe.each<[string, number | null]>([
  ['reserved for the function', 900],
  ['shared with live traffic', null],
])('300,000 originals, in an account of 1,000 of which so many are %s: %s', (_, reserved) => {
  test('each accounted for once, in time, for what was planned, and live traffic hardly feels it', async () => {
    const simulation = { ...LEVELS_SIMULATION, reserved };
    const concurrency = reserved ?? 1000;
    const { lambda, engine, seen, failed, seconds, heaps } = await simulate(simulation, concurrency);
    expect(seen.every((times) => times === 1)).toBe(true);
    expect(failed).toBe(0);

    const work = { originals: ORIGINALS, secondsPerOriginal: simulation.originalSeconds, gets: 0, puts: 0 };
    const bound = lambdaTime(work, { memoryMb: simulation.memoryMB, architecture: 'arm64', concurrency, originalsPerInvocation: perInvocation });
    expect(bound.boundBy).toBe('compute');
    expect(seconds).toBeLessThan(bound.seconds * 1.2);

    const { crashes, timeouts, lost } = lambda.injected;
    expect(Math.min(crashes, timeouts, lost)).toBeGreaterThan(10);
    const planned = invocationsFor(ORIGINALS, { originalsPerInvocation: perInvocation });
    expect(lambda.billed.invocations).toBeLessThan((planned + crashes + timeouts + lost) * 1.02);
    expect(engine.invoked?.invocations).toBe(lambda.billed.invocations);

    expect(engine.invoked?.gbSeconds.arm64).toBeGreaterThan(lambda.billed.gbSeconds * 0.999);
    expect(engine.invoked?.gbSeconds.arm64).toBeLessThan(lambda.billed.gbSeconds * 1.02);
    expect(engine.invoked?.throttles).toBe(Object.values(lambda.throttles).reduce((sum, count) => sum + count, 0));
    expect(lambda.mostBusy).toBeLessThanOrEqual(concurrency);

    expect(lambda.live.calls).toBeGreaterThan(2000);
    expect(lambda.live.throttled).toBeLessThanOrEqual(lambda.live.calls * 0.01);

    // What is held in the middle is not less than what is held shortly before the end, but for what garbage is not collected yet.
    const [, second = 0, third = 0, fourth = 0, fifth = 0] = heaps;
    expect(Math.max(fourth, fifth) - Math.max(second, third)).toBeLessThan(20e6);
  }, 300_000);
});

test('a whole run of 300,000 by it: the summary has each original once, and its bill is what was billed', async () => {
  const clock = new VirtualClock();
  const lambda = new SimulatedLambda(LEVELS_SIMULATION, clock);
  const engine = engineOver(LEVELS_SIMULATION, (payload) => lambda.invoke(payload), 900, clock);
  const variants = { ...memoryStore('s3://v/'), region: async () => 'us-east-1' };
  const parts = runParts({ originals: listedOriginals(ORIGINALS), variants, engine, specs: [spec('added')] });
  const told = new Uint8Array(ORIGINALS);
  const control: RunControl = {
    dryRun: false, limit: null, maxCost: null, sample: null, maxFailures: { percent: 20 }, signal: new AbortController().signal,
    onEvent: (event) => {
      if (event.type === 'outcome') told[Number.parseInt(event.original, 10)] = (told[Number.parseInt(event.original, 10)] ?? 0) + 1;
    },
  };
  const pricing = { ...parts.pricing, way: 'lambda' } as const;
  const summary = await clock.runUntil(reprocess({ ...parts, pricing }, 'due', EVERYTHING, control));
  expect(summary).toMatchObject({ originals: ORIGINALS, due: ORIGINALS, made: ORIGINALS, upToDate: 0, failed: 0, complete: true });
  expect(told.every((times) => times === 1)).toBe(true);

  const work = { originals: ORIGINALS, secondsPerOriginal: LEVELS_SIMULATION.originalSeconds, gets: 0, puts: 0 };
  const bound = lambdaTime(work, { memoryMb: LEVELS_SIMULATION.memoryMB, architecture: 'arm64', concurrency: 900, originalsPerInvocation: perInvocation });
  expect(clock.now() / 1000).toBeLessThan(bound.seconds * 1.2);
  const { crashes, timeouts, lost } = lambda.injected;
  const planned = invocationsFor(ORIGINALS, { originalsPerInvocation: perInvocation });
  expect(summary.invoked.invocations).toBe(lambda.billed.invocations);
  expect(lambda.billed.invocations).toBeLessThan((planned + crashes + timeouts + lost) * 1.02);

  const { usd = 0 } = summary.bill?.lines.find(({ item }) => item === 'compute')?.actual ?? {};
  // Hand-computed: arm64 in us-east-1.
  expect(Math.abs(usd / (lambda.billed.gbSeconds * 0.0000133334) - 1)).toBeLessThan(0.02);
}, 600_000);

describe('over loopback, by the SDK', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test('more are in flight than the SDK has connections by itself, and each original is accounted for once', async () => {
    const count = 15_000;
    const simulation = { ...LEVELS_SIMULATION, originalSeconds: 0.02, timeoutSeconds: 3, reserved: 150, crashing: 0.02, timingOut: 0.01, losing: 0.02 };
    const lambda = new SimulatedLambda(simulation, REAL_CLOCK);
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', await served(lambda));
    // Far more than the function takes, so that a busy machine loses no answer of its own.
    const { invoke } = await deployedFunction({ name: 'it', region: 'us-east-1', elseRegion: 'us-east-1', profile: null, connections: 150, timeoutSeconds: 60 });
    const engine = engineOver(simulation, invoke, 150);
    const { seen, failed } = await accounted(engine, count);
    expect(seen.every((times) => times === 1)).toBe(true);
    expect(failed).toBe(0);
    expect(lambda.mostBusy).toBeGreaterThan(80);
    expect(engine.invoked?.invocations).toBe(lambda.billed.invocations);
    const { crashes, timeouts, lost } = lambda.injected;
    expect(crashes + timeouts + lost).toBeGreaterThan(0);
    // Lost answers are billed at the timeout: that is no less than they took.
    expect(engine.invoked?.gbSeconds.arm64).toBeGreaterThanOrEqual(lambda.billed.gbSeconds - 1e-6);
  });
});

/** @returns the address of a server of the Invoke API, with the simulation behind it */
async function served(lambda: SimulatedLambda): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const invocation = await lambda.invoke(Buffer.concat(chunks).toString());
    if (invocation.kind === 'lost' || invocation.kind === 'unsent') return void response.destroy();
    if (invocation.kind === 'throttled') {
      response.writeHead(429, { 'content-type': 'application/json', 'x-amzn-errortype': 'TooManyRequestsException' });
      return void response.end(JSON.stringify({ Reason: invocation.reason }));
    }
    const payload = invocation.kind === 'answered' ? invocation.payload : { errorType: invocation.death.code === 'timeout' ? 'Sandbox.Timedout' : 'Runtime.ExitError' };
    const failed = invocation.kind === 'died' ? { 'x-amz-function-error': 'Unhandled' } : {};
    response.writeHead(200, { 'content-type': 'application/json', 'x-amz-log-result': Buffer.from(invocation.log).toString('base64'), ...failed });
    response.end(JSON.stringify(payload));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return `http://127.0.0.1:${address.port}`;
}
