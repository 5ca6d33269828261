import { z } from 'zod';
import { NOTHING_INVOKED, type Invoked } from '../model/invoked.js';
import { NO_TRAFFIC, type Traffic } from '../model/traffic.js';
import { UserError } from '../model/user-error.js';
import type { OwnFiles } from '../store/own-files.js';
import { parseOwn, sealed, timeSchema } from './parse-own.js';
import { nameOf, runIds } from './run-ids.js';
import { amount, count, NO_SUMS, sumsSchema } from './sums.js';

/** The filter of a run that tries again what failed in an earlier one: the id of that one. */
export const RETRY = 'retry-failed';

const rangeSchema = z.object({ after: z.string(), upTo: z.string().nullable() });
/** What was settled after so many seconds of work. */
const pointSchema = z.object({ seconds: amount, originals: count, made: count, failed: count, bytesWritten: count });
const requestsSchema = z.object({ get: count, put: count, head: count, list: count, delete: count, retries: count });
const invokedSchema = z.object({
  invocations: count,
  coldStarts: count,
  throttles: count,
  gbSeconds: z.object({ arm64: amount, x86_64: amount }),
  logBytes: count,
}) satisfies z.ZodType<Invoked>;
const identitySchema = z.object({
  command: z.enum(['reprocess', 'regenerate', 'verify', 'backup', 'restore']),
  originals: z.string(),
  variants: z.string(),
  layout: z.string(),
  mode: z.string(),
  /** Fingerprint by name. */
  specs: z.record(z.string(), z.string()),
  /** Which originals: every filter by its name. */
  filter: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])).refine(({ since }) => since === undefined || timeSchema.safeParse(since).success),
});
const recordSchema = z.object({
  format: z.literal(1),
  id: z.string(),
  identity: identitySchema,
  /** By the store's clock, in milliseconds: what was written since is this run's own. */
  startedAt: timeSchema,
  /** Originals that were modified since may have variants of what they were before, as a session ended in the midst of work; null: none have. */
  doubtSince: timeSchema.nullable().default(null),
  state: z.enum(['running', 'interrupted', 'stopped', 'complete']),
  /** By which limit it is `stopped`; records of an earlier version do not say. */
  stoppedBy: z.enum(['failures', 'cost']).nullable().default(null),
  /** Options of its last session that make it no other job, by their names, as they are typed; records of an earlier version have none. */
  terms: z.record(z.string(), z.string()).default({}),
  /** `listing`, then what failed is tried `again`. */
  phase: z.enum(['listing', 'again']),
  /** What is still to be listed: the keys after `after`, up to and with `upTo`. Everything before is settled. */
  ranges: z.array(rangeSchema),
  /** Of what is settled. */
  sums: sumsSchema,
  /** How it came to that: at most MOST_POINTS, whatever the run takes. */
  course: z.array(pointSchema).default([]),
  /** All that was sent and all the time that was spent, settled or not. */
  traffic: z.object({ originals: requestsSchema, variants: requestsSchema, own: requestsSchema }) satisfies z.ZodType<Traffic>,
  /** What Lambda was asked to do; runs of an earlier version asked nothing of it. */
  invoked: invokedSchema.default(NOTHING_INVOKED),
  seconds: z.number(),
  /** Of all cores, for the work. */
  cpuSeconds: amount,
  /** What went over the line, settled or not. */
  bytesRead: count.optional(),
  bytesWritten: count.optional(),
  /** How many files of failures there are: of the first try, and of the second. */
  failures: z.object({ first: count, again: count }),
  /** How many failures of the first try are settled by the second. */
  again: count,
}).transform((record) => ({
  ...record,
  // Records of an earlier version have them of what is settled alone.
  bytesRead: record.bytesRead ?? record.sums.bytesRead,
  bytesWritten: record.bytesWritten ?? record.sums.bytesWritten,
}));

export type Range = z.output<typeof rangeSchema>;
export type Identity = z.output<typeof identitySchema>;
export type RunRecord = z.output<typeof recordSchema>;
export type Terms = Readonly<RunRecord['terms']>;
/** What was spent, settled or not. */
export type Spent = Pick<RunRecord, 'traffic' | 'invoked' | 'seconds' | 'cpuSeconds' | 'bytesRead' | 'bytesWritten'>;

export function newRecord(id: string, identity: Identity, startedAt: number): RunRecord {
  return {
    format: 1,
    id,
    identity,
    startedAt,
    doubtSince: null,
    state: 'running',
    stoppedBy: null,
    terms: {},
    phase: 'listing',
    ranges: [{ after: '', upTo: null }],
    sums: NO_SUMS,
    course: [],
    traffic: NO_TRAFFIC,
    invoked: NOTHING_INVOKED,
    seconds: 0,
    cpuSeconds: 0,
    bytesRead: 0,
    bytesWritten: 0,
    failures: { first: 0, again: 0 },
    again: 0,
  };
}

export async function saveRecord(own: OwnFiles, record: RunRecord): Promise<void> {
  await own.write(nameOf(record.id), Buffer.from(`${JSON.stringify(sealed(record))}\n`));
}

/** @throws UserError `checkpoint-damaged` */
export async function readRecord(own: OwnFiles, id: string, location: string): Promise<RunRecord | undefined> {
  const file = await own.read(nameOf(id));
  if (file === undefined) return undefined;
  const record = parseOwn(file.bytes, recordSchema);
  if (record !== undefined) return record;
  throw new UserError('checkpoint-damaged', `The checkpoint .imgvar/${nameOf(id)} in ${location} is damaged; a run with --fresh starts over.`);
}

/** When a record was last saved, in milliseconds since 1970 by the store's clock; 0 where there is none. */
export async function savedAt(own: OwnFiles, id: string): Promise<number> {
  return (await own.read(nameOf(id)))?.lastModified ?? 0;
}

/** Told, in a sentence, of what cannot be read. */
export type OnDamaged = (message: string) => void;

/**
 * The run of this root that came last, whatever became of it; one place may hold the records of several roots.
 *
 * @param onDamaged as for `recordsOf`
 * @throws UserError `checkpoint-damaged`
 */
export async function lastRecord(own: OwnFiles, variants: string, onDamaged?: OnDamaged): Promise<RunRecord | undefined> {
  for await (const record of recordsOf(own, variants, onDamaged)) return record;
  return undefined;
}

/**
 * The runs of a root, the newest first.
 *
 * @param onDamaged told of a record that cannot be read, which is passed over then. Default: it is thrown
 * @throws UserError `checkpoint-damaged`
 */
export async function* recordsOf(own: OwnFiles, variants: string, onDamaged?: OnDamaged): AsyncGenerator<RunRecord> {
  for (const id of [...(await runIds(own))].reverse()) {
    const reading = readRecord(own, id, variants);
    const record = await (onDamaged === undefined ? reading : unlessDamaged(reading, onDamaged));
    if (record?.identity.variants === variants) yield record;
  }
}

/** What is damaged is told, and undefined. */
export async function unlessDamaged<T>(reading: Promise<T>, onDamaged: OnDamaged): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'checkpoint-damaged') throw error;
    onDamaged(error.message);
    return undefined;
  }
}

/** What differs between two jobs, in the words of the command line; empty if they are the same. */
export function differences(before: Identity, now: Identity): string[] {
  const texts = (identity: Identity): Record<string, string> => ({
    command: identity.command,
    originals: identity.originals,
    layout: identity.layout,
    '--mode': identity.mode,
    specs: JSON.stringify(Object.entries(identity.specs).sort()),
    ...Object.fromEntries(Object.entries(identity.filter).map(([name, value]) => [`--${name}`, JSON.stringify(value)])),
  });
  const [a, b] = [texts(before), texts(now)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]);
}
