import { hostname, userInfo } from 'node:os';
import { z } from 'zod';
import { UserError } from '../model/user-error.js';
import type { OwnFiles } from '../store/own-files.js';
import { HOST, isDead } from '../store/process-id.js';
import { storeTime } from './clock.js';
import { parseOwn, sealed } from './parse-own.js';

/**
 * One writer for a root, by a lease. Each lease is a file of its own with the next number, and of many who try to create
 * it one succeeds; so nobody ever replaces another's, and whoever finds a higher number than its own has lost its lease.
 */
const FOLDER = 'lock/';

const leaseSchema = z.object({
  format: z.literal(1),
  run: z.string(),
  machine: z.string(),
  user: z.string(),
  host: z.string(),
  pid: z.number(),
  /** Whether its holder has ended it. */
  released: z.boolean(),
});

type Lease = z.output<typeof leaseSchema>;

export interface Lock {
  /** Aborted when another has taken over, with the UserError to tell. */
  readonly lost: AbortSignal;
  /** Looks whether it is still ours. @throws UserError `locked` */
  check(): Promise<void>;
  /** The same before each write, however many there are: it looks, and renews, only where the lease may have lapsed. @throws UserError `locked` */
  assure(): Promise<void>;
  release(): Promise<void>;
}

/** As long as no more of a lease is gone, it cannot have lapsed. It is renewed before that, unless all stood still. */
const SURE_SHARE = 0.5;

/**
 * Takes the lease of a root.
 *
 * @param variants as a person writes it
 * @param seconds how long a lease holds that is not renewed; it is renewed three times as often
 * @throws UserError `locked`, with who holds it
 */
export async function acquireLock(own: OwnFiles, variants: string, run: string, seconds: number): Promise<Lock> {
  for (;;) {
    const last = await lastLease(own);
    if (last !== undefined) await refuseIfHeld(own, last, variants, seconds);
    const number = last === undefined ? 1 : numberOf(last) + 1;
    if (number > LAST) throw new UserError('checkpoint-damaged', `The lease .imgvar/${last} in ${variants} has the last number that there is, which no run comes to; remove it.`);
    const name = nameOf(number);
    const lease: Lease = { format: 1, run, machine: hostname(), user: userName(), host: HOST, pid: process.pid, released: false };
    const age = stopwatch();
    // Someone else was first: look who.
    if (!(await own.create(name, bytesOf(lease)))) continue;
    // And again, should we have slept between looking and creating, while others came and went.
    if ((await lastLease(own)) !== name) continue;
    if (last !== undefined) await own.remove(last);
    return heldLock(own, name, lease, variants, seconds, age);
  }
}

/** @param age of the lease, in milliseconds, from before it was written */
function heldLock(own: OwnFiles, name: string, lease: Lease, variants: string, seconds: number, age: () => number): Lock {
  const lost = new AbortController();
  let released = false;
  const check = async (): Promise<void> => {
    const last = await lastLease(own);
    if (last === name) return;
    const error = new UserError('locked', `Another run has taken over ${variants}, as this one stood still too long; this one has stopped.`);
    lost.abort(error);
    throw error;
  };
  let renewing: Promise<void> | undefined;
  const renewOnce = async (): Promise<void> => {
    const since = stopwatch();
    await check();
    await own.write(name, bytesOf(lease));
    age = since;
  };
  /** One at a time. */
  const renew = (): Promise<void> => (renewing ??= renewOnce().finally(() => (renewing = undefined)));
  const mayHaveLapsed = (): boolean => !released && age() > seconds * 1000 * SURE_SHARE;
  const timer = setInterval(() => {
    // An error of the store is told by whoever uses it next; to renew is tried again.
    renew().catch(() => undefined);
  }, (seconds * 1000) / 3);
  timer.unref();
  return {
    lost: lost.signal,
    check,
    async assure() {
      lost.signal.throwIfAborted();
      if (!mayHaveLapsed()) return;
      // One that is under way may have looked before all stood still.
      await renewing?.catch(() => undefined);
      if (mayHaveLapsed()) await renew();
    },
    async release() {
      if (released) return;
      released = true;
      clearInterval(timer);
      // What it has yet to write would come after what is written here.
      await renewing?.catch(() => undefined);
      if (!lost.signal.aborted && (await lastLease(own)) === name) await own.write(name, bytesOf({ ...lease, released: true }));
    },
  };
}

/** The milliseconds from now on, by whichever of two clocks says more: one stops while the machine is suspended, the other may be set back. */
function stopwatch(): () => number {
  const [ticks, date] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - ticks, Date.now() - date);
}

async function refuseIfHeld(own: OwnFiles, name: string, variants: string, seconds: number): Promise<void> {
  const file = await own.read(name);
  if (file === undefined) return;
  const lease = parseOwn(file.bytes, leaseSchema);
  if (lease?.released === true) return;
  if (lease !== undefined && isDead(lease.host, lease.pid)) return;
  const age = ((await storeTime(own)) - file.lastModified) / 1000;
  if (age >= seconds) return;
  const who = lease === undefined ? 'another program' : `run ${lease.run} (${lease.user} on ${lease.machine}, process ${lease.pid})`;
  throw new UserError(
    'locked',
    `${variants} is being written by ${who}, last heard of ${Math.max(0, Math.round(age))} s ago; wait until it ends. A run that has died is taken over after ${seconds} s.`,
  );
}

/** Who has a root now. */
export interface Holder {
  /** The id that its command began with; one that goes on with an earlier run has the record of that one. */
  readonly run: string;
  readonly user: string;
  readonly machine: string;
  readonly pid: number;
}

/**
 * Who writes a root now, or null; to tell people, as it writes nothing: whoever wants to write takes the lock. A process of
 * this host is asked for; another's lease is judged by the clock here, which may differ from the store's.
 *
 * @param seconds how long a lease holds that is not renewed
 */
export async function lockHolder(own: OwnFiles, seconds: number): Promise<Holder | null> {
  const name = await lastLease(own);
  const file = name === undefined ? undefined : await own.read(name);
  const lease = file === undefined ? undefined : parseOwn(file.bytes, leaseSchema);
  if (file === undefined || lease === undefined || lease.released) return null;
  const { run, user, machine, host, pid } = lease;
  const holds = host === HOST ? !isDead(host, pid) : Date.now() - file.lastModified < seconds * 1000;
  return holds ? { run, user, machine, pid } : null;
}

async function lastLease(own: OwnFiles): Promise<string | undefined> {
  return (await own.list(FOLDER)).filter((name) => /^lock\/\d{12}$/.test(name)).at(-1);
}

function numberOf(name: string): number {
  return Number(name.slice(FOLDER.length));
}

/** A higher one would not sort behind the others. */
const LAST = 999_999_999_999;

/** As many digits as sort by number. */
function nameOf(number: number): string {
  return FOLDER + String(number).padStart(12, '0');
}

function bytesOf(lease: Lease): Buffer {
  return Buffer.from(`${JSON.stringify(sealed(lease))}\n`);
}

/** Some containers have users without a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
