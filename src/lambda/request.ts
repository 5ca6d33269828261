import { z } from 'zod';
import { PROTOCOL, type CheckRequest, type InvocationRequest, type JobsRequest, type Refusal, type RefusalCode } from '../model/invocation.js';
import { ACTIVE_FORMATS } from '../model/limits.js';
import { FITS, FORMATS, KEEPS, POSITIONS } from '../model/spec.js';

const wholeNumber = z.int().nonnegative();
const side = z.int().positive().nullable();

/** Strict throughout: a field that is not known here would silently make another image than was asked for. */
const spec = z.strictObject({
  name: z.string(),
  width: side,
  height: side,
  fit: z.enum(FITS),
  position: z.enum(POSITIONS),
  background: z.string().regex(/^#([0-9a-f]{6}|[0-9a-f]{8})$/),
  format: z.enum(FORMATS),
  quality: z.int().min(1).max(100).nullable(),
  lossless: z.boolean(),
  effort: z.int().min(0).max(10).nullable(),
  progressive: z.boolean(),
  enlarge: z.boolean(),
  cacheControl: z.string().nullable(),
  keep: z.array(z.enum(KEEPS)),
  animated: z.boolean(),
});

const job = z.strictObject({
  original: z.strictObject({ key: z.string(), size: wholeNumber, lastModified: z.number(), etag: z.string() }),
  due: z
    .array(
      z.strictObject({
        spec,
        key: z.string(),
        reason: z.enum(['missing', 'original-newer', 'spec-changed', 'forced', 'retried', 'copy-differs']),
      }),
    )
    // min() would look at the `length` of whatever is no list as well.
    .refine((due) => due.length > 0),
});

const jobsRequest = z.strictObject({
  imgvar: z.literal('jobs'),
  protocol: z.literal(PROTOCOL),
  originals: z.string(),
  variants: z.string(),
  limits: z.strictObject({
    pixels: z.int().positive(),
    bytes: z.int().positive(),
    seconds: z.int().min(1).max(3600),
    allow: z.array(z.enum(ACTIVE_FORMATS)),
  }),
  dryRun: z.boolean(),
  jobs: z.array(job),
}) satisfies z.ZodType<JobsRequest>;

const checkRequest = z.strictObject({
  imgvar: z.literal('check'),
  protocol: z.literal(PROTOCOL),
  originals: z.string(),
  variants: z.string(),
  access: z.enum(['read', 'write']),
}) satisfies z.ZodType<CheckRequest>;

const request = z.discriminatedUnion('imgvar', [checkRequest, jobsRequest]);

/** Whether an event is meant for the protocol, rather than a notification. */
export function isRequest(event: unknown): event is { readonly imgvar: unknown } {
  return typeof event === 'object' && event !== null && 'imgvar' in event;
}

/** The request, or why it is refused. */
export function parseRequest(event: { readonly imgvar: unknown; readonly protocol?: unknown }): InvocationRequest | Refusal {
  if (event.imgvar === 'describe') return { imgvar: 'describe', protocol: PROTOCOL };
  if (event.protocol !== PROTOCOL) {
    return refusal('protocol-unsupported', `This function speaks protocol ${PROTOCOL}, not ${shown(event.protocol)}: deploy it with the imgvar that calls it.`);
  }
  const parsed = request.safeParse(event);
  if (parsed.success) return parsed.data;
  const [{ path, message } = { path: [], message: '' }] = parsed.error.issues;
  return refusal('request-invalid', `${path.join('.') || 'the request'}: ${message}`);
}

/** Only what a protocol could be: others may have no text at all. */
function shown(protocol: unknown): string {
  return typeof protocol === 'number' || typeof protocol === 'string' ? String(protocol).slice(0, 20) : 'another';
}

export function refusal(code: RefusalCode, message: string): Refusal {
  return { imgvar: 'refusal', protocol: PROTOCOL, code, message };
}
