import { z } from 'zod';
import { FAILURE_CODES, type FailureCode } from '../model/failure.js';
import { PROTOCOL, type Checked, type Description, type InvocationAnswer, type JobsAnswer, type Refusal } from '../model/invocation.js';
import type { Job } from '../model/job.js';
import { failed, type JobResult } from '../model/outcome.js';

/** What a function of another version says of itself; the rest of it cannot be understood here. */
export interface OtherProtocol {
  readonly imgvar: 'other-protocol';
  readonly protocol: number;
  readonly version: string;
}

const wholeNumber = z.int().nonnegative();
const amount = z.number().nonnegative();
const requests = z.object({ get: wholeNumber, put: wholeNumber, head: wholeNumber, list: wholeNumber, delete: wholeNumber, retries: wholeNumber });
const made = z.object({
  result: z.literal('made'),
  original: z.string(),
  variant: z.string(),
  key: z.string(),
  bytes: wholeNumber,
  width: wholeNumber,
  height: wholeNumber,
  reason: z.enum(['missing', 'original-newer', 'spec-changed', 'forced', 'retried', 'copy-differs']),
});
const failure = z
  .object({
    result: z.literal('failed'),
    original: z.string(),
    variant: z.string().nullable(),
    code: z.enum(Object.keys(FAILURE_CODES) as [FailureCode, ...FailureCode[]]),
    detail: z.string(),
  })
  .transform((told) => failed(told.original, told.variant, told));
const result = z.object({
  original: z.string(),
  due: z.array(z.string()),
  outcomes: z.array(z.discriminatedUnion('result', [made, failure])),
  bytesRead: wholeNumber,
  requests,
  cpuSeconds: amount,
  unproven: wholeNumber.optional(),
});

const protocol = z.literal(PROTOCOL);
const answer = z.discriminatedUnion('imgvar', [
  z.object({
    imgvar: z.literal('description'),
    protocol,
    version: z.string(),
    originals: z.string(),
    variants: z.string(),
    layout: z.string(),
    specs: z.record(z.string(), z.string()),
    region: z.string().nullable(),
    architecture: z.enum(['arm64', 'x64']),
    memoryMB: z.number().positive(),
    timeoutSeconds: z.number().positive(),
    storageClass: z.string().nullable().default(null),
  }) satisfies z.ZodType<Description>,
  z.object({ imgvar: z.literal('checked'), protocol, requests }) satisfies z.ZodType<Checked>,
  z.object({
    imgvar: z.literal('results'),
    protocol,
    done: z.array(z.object({ index: wholeNumber, result, seconds: amount })),
    notBegun: z.array(wholeNumber),
    seconds: amount,
  }) satisfies z.ZodType<JobsAnswer>,
  z.object({ imgvar: z.literal('refusal'), protocol, code: z.custom<Refusal['code']>((code) => typeof code === 'string' && /^[a-z-]{1,40}$/.test(code)), message: z.string() }) satisfies z.ZodType<Refusal>,
]);
const otherProtocol = z.object({ imgvar: z.literal('description'), protocol: z.number(), version: z.string().default('?') });

/** An answer, checked to its last field; undefined for what another program has to say, or nobody can. */
export function parseAnswer(payload: unknown): InvocationAnswer | OtherProtocol | undefined {
  const own = answer.safeParse(payload);
  if (own.success) return own.data;
  const other = otherProtocol.safeParse(payload);
  return other.success && other.data.protocol !== PROTOCOL ? { ...other.data, imgvar: 'other-protocol' } : undefined;
}

/** Whether a result is about this job, and tells of each of its due variants once. */
export function isResultOf({ original, due, outcomes }: JobResult, job: Job): boolean {
  const keys = new Map(job.due.map(({ spec, key }) => [spec.name, key]));
  const told = new Set(outcomes.map(({ variant }) => variant));
  const ofAll = outcomes.length === 1 && told.has(null);
  return (
    original === job.original.key &&
    due.length === keys.size &&
    due.every((name) => keys.has(name)) &&
    outcomes.every((outcome) => outcome.original === original && (outcome.result === 'failed' || outcome.key === keys.get(outcome.variant))) &&
    (ofAll || (outcomes.length === keys.size && [...keys.keys()].every((name) => told.has(name))))
  );
}
