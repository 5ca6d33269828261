/**
 * Lambda as its documents describe it, simulated: no code runs, only time passes, on whatever clock it is given. It has an
 * account's concurrency, what is reserved of it for the reprocess function, the published ramp of new environments, cold
 * starts, refusals with their reasons, crashes, timeouts and answers that are lost, and live traffic beside it. All
 * chance is seeded, so that a run can be had again.
 *
 * Sources: AWS Lambda Developer Guide, "Lambda scaling behavior" (1,000 environments in 10 seconds for each function;
 * what is not used of it does not add up), "Lambda quotas" (1,000 at a time in an account; 10 invocations a second for
 * each of these), API Reference, "Invoke" (429 and its reasons).
 */
import type { Clock } from '../../src/engine/clock.js';
import type { Invocation } from '../../src/engine/lambda-invocation.js';
import { PROTOCOL, type DoneJob, type JobsAnswer, type JobsRequest } from '../../src/model/invocation.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import { seeded } from '../cost/seeded.js';

export interface Simulation {
  readonly seed: number;
  /** Billed for one original, on average; single ones take 40% less to 40% more. */
  readonly originalSeconds: number;
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  readonly accountConcurrency: number;
  /** Of these, for the reprocess function alone; null: it shares them with live traffic. */
  readonly reserved: number | null;
  readonly coldStartSeconds: number;
  /** There and back. */
  readonly networkSeconds: number;
  /** Of invocations. A lost answer is one of an invocation that did its work. */
  readonly crashing: number;
  readonly timingOut: number;
  readonly losing: number;
}

export const LEVELS_SIMULATION: Simulation = {
  seed: 1,
  originalSeconds: 0.25,
  memoryMB: 1769,
  timeoutSeconds: 10,
  accountConcurrency: 1000,
  reserved: 900,
  coldStartSeconds: 0.6,
  networkSeconds: 0.03,
  crashing: 0.005,
  timingOut: 0.001,
  losing: 0.001,
};

/** New environments of a function at once, and a second. */
const BURST = 1000;
const RAMP = 100;
const INVOCATIONS_PER_CONCURRENCY = 10;

/** The environments of one function. */
class Environments {
  busy = 0;
  #idle = 0;
  #tokens = BURST;
  #at = 0;
  readonly #reserved: number | null;

  constructor(reserved: number | null) {
    this.#reserved = reserved;
  }

  /** @param left how many more the account has room for @returns whether it starts cold, or why it is refused */
  take(now: number, left: number): { cold: boolean } | { reason: string } {
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#at) / 1000) * RAMP);
    this.#at = now;
    if (this.#reserved !== null && this.busy >= this.#reserved) return { reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' };
    if (this.#reserved === null && left <= 0) return { reason: 'ConcurrentInvocationLimitExceeded' };
    const cold = this.#idle === 0;
    if (cold && this.#tokens < 1) return { reason: 'FunctionInvocationRateLimitExceeded' };
    if (cold) this.#tokens -= 1;
    else this.#idle -= 1;
    this.busy += 1;
    return { cold };
  }

  /** @param dies whether the environment ends with its invocation */
  giveBack(dies: boolean): void {
    this.busy -= 1;
    if (!dies) this.#idle += 1;
  }
}

export class SimulatedLambda {
  readonly #settings: Simulation;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #reprocess: Environments;
  readonly #live = new Environments(null);
  #second = 0;
  #inSecond = 0;
  /** What Lambda's bill says. */
  readonly billed = { invocations: 0, gbSeconds: 0 };
  /** What went wrong on purpose. */
  readonly injected = { crashes: 0, timeouts: 0, lost: 0 };
  readonly throttles: Record<string, number> = {};
  readonly live = { calls: 0, throttled: 0 };
  originalsDone = 0;
  /** The most that was busy at one time. */
  mostBusy = 0;

  constructor(settings: Simulation, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#random = seeded(settings.seed);
    this.#reprocess = new Environments(settings.reserved);
  }

  get busy(): number {
    return this.#reprocess.busy;
  }

  /** The reprocess function, as the engine calls it. */
  async invoke(payload: string): Promise<Invocation> {
    const { networkSeconds, coldStartSeconds, originalSeconds, timeoutSeconds, crashing, timingOut, losing } = this.#settings;
    await this.#pass(networkSeconds / 2);
    const taken = this.#isTooFast() ? { reason: 'FunctionInvocationRateLimitExceeded' } : this.#reprocess.take(this.#clock.now(), this.#left());
    if ('reason' in taken) {
      this.throttles[taken.reason] = (this.throttles[taken.reason] ?? 0) + 1;
      await this.#pass(networkSeconds / 2);
      return { kind: 'throttled', reason: taken.reason, waitSeconds: 0 };
    }
    this.mostBusy = Math.max(this.mostBusy, this.#reprocess.busy);
    const { jobs } = JSON.parse(payload) as JobsRequest;
    const seconds = jobs.map(() => originalSeconds * (0.6 + 0.8 * this.#random()));
    const work = seconds.reduce((sum, one) => sum + one, 0);
    const init = taken.cold ? coldStartSeconds * (0.7 + 0.6 * this.#random()) : 0;
    const fate = this.#random();
    const crashes = fate < crashing;
    const timesOut = !crashes && (fate < crashing + timingOut || work > timeoutSeconds);
    const loses = !crashes && !timesOut && fate < crashing + timingOut + losing;
    const ran = crashes ? work * this.#random() : timesOut ? timeoutSeconds : work;
    await this.#pass(init + ran);
    this.#reprocess.giveBack(crashes || timesOut);
    const log = this.#bill(ran, init);
    await this.#pass(networkSeconds / 2);
    if (crashes) {
      this.injected.crashes += 1;
      return { kind: 'died', death: { code: 'function-error', detail: 'Runtime.ExitError' }, log };
    }
    if (timesOut) {
      this.injected.timeouts += 1;
      return { kind: 'died', death: { code: 'timeout', detail: '' }, log };
    }
    if (loses) {
      this.injected.lost += 1;
      return { kind: 'lost', detail: 'ECONNRESET' };
    }
    this.originalsDone += jobs.length;
    return { kind: 'answered', payload: answerOf(jobs, seconds), log };
  }

  /** Uploads, at random, until `isOver`. @param perSecond on average @param seconds that each takes */
  async liveTraffic(perSecond: number, seconds: number, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await this.#pass(-Math.log(1 - this.#random()) / perSecond);
      this.live.calls += 1;
      const taken = this.#live.take(this.#clock.now(), this.#left());
      if ('reason' in taken) this.live.throttled += 1;
      else void this.#pass(seconds).then(() => this.#live.giveBack(false));
    }
  }

  /** What those that have nothing reserved may still take. */
  #left(): number {
    const { accountConcurrency, reserved } = this.#settings;
    const shared = accountConcurrency - (reserved ?? 0);
    return shared - this.#live.busy - (reserved === null ? this.#reprocess.busy : 0);
  }

  #isTooFast(): boolean {
    const second = Math.floor(this.#clock.now() / 1000);
    this.#inSecond = second === this.#second ? this.#inSecond + 1 : 1;
    this.#second = second;
    return this.#inSecond > (this.#settings.reserved ?? this.#settings.accountConcurrency) * INVOCATIONS_PER_CONCURRENCY;
  }

  #bill(ran: number, init: number): string {
    const milliseconds = Math.ceil((ran + init) * 1000);
    const { memoryMB } = this.#settings;
    this.billed.invocations += 1;
    this.billed.gbSeconds += ((milliseconds / 1000) * memoryMB) / 1024;
    const start = init === 0 ? '' : `\tInit Duration: ${(init * 1000).toFixed(2)} ms`;
    return `REPORT RequestId: 1\tDuration: ${(ran * 1000).toFixed(2)} ms\tBilled Duration: ${milliseconds} ms\tMemory Size: ${memoryMB} MB\tMax Memory Used: 300 MB${start}\n`;
  }

  #pass(seconds: number): Promise<void> {
    return new Promise((go) => void this.#clock.after(seconds * 1000, go));
  }
}

function answerOf(jobs: JobsRequest['jobs'], seconds: readonly number[]): JobsAnswer {
  const done: DoneJob[] = jobs.map(({ original: { key, size }, due }, index) => ({
    index,
    seconds: seconds[index] ?? 0,
    result: {
      original: key,
      due: due.map(({ spec }) => spec.name),
      outcomes: due.map(({ spec, key: variant, reason }) => ({ result: 'made', original: key, variant: spec.name, key: variant, bytes: 50_000, width: 800, height: 600, reason })),
      bytesRead: size,
      requests: { ...NO_REQUESTS, get: 1, head: 1, put: due.length },
      cpuSeconds: 0.2,
    },
  }));
  return { imgvar: 'results', protocol: PROTOCOL, done, notBegun: [], seconds: 1 };
}
