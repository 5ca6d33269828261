/** The scenario over a simulated Lambda, looked at twice a second: what test/lambda/plot.js draws. */
import { VirtualClock } from '../engine/virtual-clock.js';
import { accounted, engineOver } from './fan-out.js';
import { LEVELS_SIMULATION, SimulatedLambda } from './simulated.js';

export interface Sample {
  readonly seconds: number;
  readonly inFlight: number;
  readonly concurrency: number;
  /** A second, since the sample before. */
  readonly originals: number;
  readonly throttles: number;
}

const EVERY_MS = 500;

/**
 * @param reserved for the function, of an account of 1,000; null: it shares them
 * @param live uploads a second, each of half a second
 */
export async function samplesOf(originals: number, reserved: number | null, live: number): Promise<readonly Sample[]> {
  const clock = new VirtualClock();
  const simulation = { ...LEVELS_SIMULATION, reserved };
  const lambda = new SimulatedLambda(simulation, clock);
  const engine = engineOver(simulation, (payload) => lambda.invoke(payload), reserved ?? simulation.accountConcurrency, clock);
  const samples: Sample[] = [];
  let isOver = false;
  const run = async (): Promise<void> => {
    await accounted(engine, originals);
    isOver = true;
  };
  const look = async (): Promise<void> => {
    let before = { done: 0, throttles: 0 };
    while (!isOver) {
      await clock.wait(EVERY_MS);
      const { inFlight = 0, concurrency = 0, throttles = 0 } = engine.pace ?? {};
      const perSecond = 1000 / EVERY_MS;
      samples.push({ seconds: clock.now() / 1000, inFlight, concurrency, originals: (lambda.originalsDone - before.done) * perSecond, throttles: (throttles - before.throttles) * perSecond });
      before = { done: lambda.originalsDone, throttles };
    }
  };
  await clock.runUntil(Promise.all([run(), look(), lambda.liveTraffic(live, 0.5, () => isOver)]));
  return samples;
}
