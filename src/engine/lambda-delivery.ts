import type { JobsAnswer } from '../model/invocation.js';
import type { Job } from '../model/job.js';
import { failed, type JobResult } from '../model/outcome.js';
import { addRequests, NO_REQUESTS } from '../model/requests.js';
import { UserError } from '../model/user-error.js';
import type { Clock } from './clock.js';
import { isResultOf, parseAnswer } from './lambda-answer.js';
import { findCulprit } from './lambda-culprit.js';
import type { Entry, Load } from './lambda-batches.js';
import { refusedBy } from './lambda-handshake.js';
import type { Death, Invocation, Invoke } from './lambda-invocation.js';
import type { Meter } from './lambda-meter.js';
import type { Pacer, Slot } from './lambda-pacer.js';
import { withLostWork, type Places } from './lost-work.js';

export interface DeliveryParts {
  /** The function's. */
  readonly name: string;
  readonly invoke: Invoke;
  /** As JSON, around the jobs. */
  readonly envelope: (jobs: readonly string[]) => string;
  readonly places: Places;
  readonly meter: Meter;
  readonly pacer: Pacer;
  readonly load: Load;
  readonly clock: Clock;
  readonly mayRepeat: (jobs: readonly Job[]) => boolean;
  /** Waited for before each invocation. */
  readonly beforeWork: () => Promise<void>;
  readonly settle: (result: JobResult) => void;
  /** Whether all is over, and nothing is to be sent any more. */
  readonly isOver: () => boolean;
}

/** After so many answers of the same batch that were lost it counts as its fault. */
const MOST_LOST = 3;

/** How long nothing may get through, from the first refusal on, before a person is asked to look, in milliseconds: refused by Lambda, and not even sent. */
const PATIENCE = { throttled: 600_000, unsent: 120_000 };
const UNSENT_PAUSE_MS = 1000;

/** If more of a function's requests to the store than this share are repetitions, it asks for fewer. */
const REPEATED_SHARE = 0.1;

/** Has batches done, whatever happens to their invocations; each entry is settled once. */
export class Delivery {
  readonly #parts: DeliveryParts;
  /** Since when Lambda refuses whatever reaches it; null while it lets something through, or was asked nothing yet. */
  #throttledSince: number | null = null;
  /** Since when it cannot even be reached. */
  #unsentSince: number | null = null;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** @returns once all are settled @throws UserError */
  async deliver(batch: readonly Entry[], slot: Slot): Promise<void> {
    this.#parts.meter.planned();
    await this.#settleAfter(batch, await this.#send(batch, slot));
  }

  /** @param death how their invocation died; null if it did not, and they are settled already */
  async #settleAfter(batch: readonly Entry[], death: Death | null): Promise<void> {
    if (death === null) return;
    await findCulprit(batch, death, (entries) => this.#again(entries), (entry, how) => this.#fail([entry], how));
  }

  async #again(entries: readonly Entry[]): Promise<Death | null> {
    const { meter, pacer } = this.#parts;
    // Money that is only reserved comes back: at the end of the run there may be enough.
    if (!this.#canPay(entries)) this.#fail(entries, { code: 'not-repeated', detail: '' });
    else if (!meter.mayRepeat()) this.#fail(entries, { code: 'function-error', detail: 'not sent again: too much has failed already' });
    else return this.#send(entries, await pacer.take(true));
    return null;
  }

  /** Asked before the meter, which counts every repetition that it allows. */
  #canPay(entries: readonly Entry[]): boolean {
    return this.#parts.mayRepeat(entries.map(({ job }) => job));
  }

  /** One invocation that ends, however many attempts that takes. @returns how it died; null if it did not */
  async #send(entries: readonly Entry[], first: Slot): Promise<Death | null> {
    const { pacer, meter, clock } = this.#parts;
    const payload = this.#parts.envelope(entries.map(({ text }) => text));
    let lost = 0;
    for (let slot = first; ; slot = await pacer.take(true)) {
      await this.#parts.beforeWork();
      if (this.#parts.isOver()) return null;
      const since = clock.now();
      let invocation: Invocation;
      try {
        invocation = await this.#parts.invoke(payload);
        this.#adapt(invocation, slot);
      } finally {
        slot.release();
      }
      switch (invocation.kind) {
        case 'throttled':
        case 'unsent':
          break;
        case 'lost':
          for (const entry of entries) entry.lost += 1;
          meter.lost();
          lost += 1;
          if (lost === MOST_LOST || !this.#canPay(entries) || !meter.mayRepeat()) return { code: 'timeout', detail: `no answer: ${invocation.detail}` };
          break;
        case 'died':
          for (const entry of entries) entry.lost += 1;
          meter.ended(invocation.log, (clock.now() - since) / 1000);
          return invocation.death;
        case 'answered':
          return this.#take(invocation, entries, (clock.now() - since) / 1000, slot);
      }
    }
  }

  /** @throws UserError when nothing has got through for long */
  #adapt(invocation: Invocation, slot: Slot): void {
    const { pacer, meter, clock } = this.#parts;
    const now = clock.now();
    // Whatever else comes back shows that Lambda can be reached.
    if (invocation.kind !== 'unsent') this.#unsentSince = null;
    switch (invocation.kind) {
      case 'throttled':
        meter.throttled();
        pacer.throttled(slot, invocation.reason, invocation.waitSeconds);
        this.#throttledSince ??= now;
        if (now - this.#throttledSince > PATIENCE.throttled) {
          throw new UserError('function-throttled', `Lambda has refused every invocation for 10 minutes (${invocation.reason}); give the function concurrency, then run the same command again.`);
        }
        break;
      case 'unsent':
        pacer.pause(UNSENT_PAUSE_MS);
        this.#unsentSince ??= now;
        if (now - this.#unsentSince > PATIENCE.unsent) {
          throw new UserError('endpoint-unreachable', `Lambda cannot be reached any more (${invocation.detail}); look at the network, then run the same command again.`);
        }
        break;
      case 'answered':
      case 'died':
      case 'lost':
        this.#throttledSince = null;
    }
  }

  /** What was done is settled; what was not begun goes again, by itself; and so does that of which nonsense is told, as a repetition. */
  async #take({ payload, log }: Invocation & { kind: 'answered' }, entries: readonly Entry[], seconds: number, slot: Slot): Promise<Death | null> {
    const { name, meter, load, pacer } = this.#parts;
    const taken = meter.ended(log, seconds);
    const answer = parseAnswer(payload);
    if (answer?.imgvar !== 'results') throw refusedBy(answer, name);
    const left = new Set(entries);
    let expected = 0;
    for (const { index, result } of answer.done) {
      const entry = entries[index];
      if (entry === undefined || !isResultOf(result, entry.job) || !left.delete(entry)) continue;
      expected += entry.expectedSeconds;
      this.#settle(entry, result);
    }
    const notBegun = new Set(answer.notBegun.map((index) => entries[index]));
    const waiting = [...left].filter((entry) => notBegun.has(entry));
    const untold = [...left].filter((entry) => !notBegun.has(entry));
    for (const entry of untold) entry.lost += 1;
    if (left.size === entries.length) return { code: 'function-error', detail: 'the function did nothing' };
    load.learn(expected, taken);
    if (asksForLess(answer)) pacer.slowedDown(slot);
    if (waiting.length > 0) await this.deliver(waiting, await pacer.take(true));
    if (untold.length > 0) await this.#settleAfter(untold, await this.#again(untold));
    return null;
  }

  /** What was sent to the store and read in invocations that told nothing is counted as well. */
  #settle({ job, lost }: Entry, result: JobResult): void {
    const { places, settle } = this.#parts;
    settle(lost === 0 ? result : withLostWork(result, job, places, lost));
  }

  #fail(entries: readonly Entry[], { code, detail }: Death): void {
    for (const entry of entries) {
      const { key } = entry.job.original;
      const due = entry.job.due.map(({ spec }) => spec.name);
      this.#settle(entry, { original: key, due, outcomes: [failed(key, null, { code, detail })], bytesRead: 0, requests: NO_REQUESTS, cpuSeconds: 0 });
    }
  }
}

/** Whether the store had enough of this invocation's requests. */
function asksForLess({ done }: JobsAnswer): boolean {
  if (done.some(({ result }) => result.outcomes.some((outcome) => outcome.result === 'failed' && outcome.code === 'throttled'))) return true;
  const { get, put, head, retries } = done.reduce((sum, { result }) => addRequests(sum, result.requests), NO_REQUESTS);
  return retries > (get + put + head) * REPEATED_SHARE;
}
