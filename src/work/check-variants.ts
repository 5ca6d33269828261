import { expectedVariants, openedVariant, type Expected } from '../image/expected.js';
import type { Size } from '../image/geometry.js';
import { Failure, type FailureCode } from '../model/failure.js';
import { fingerprintOf } from '../model/fingerprint.js';
import type { DueVariant, Job } from '../model/job.js';
import { DEFAULT_LIMITS, type Limits } from '../model/limits.js';
import type { StoredObject } from '../model/original.js';
import { failed, type Outcome } from '../model/outcome.js';
import type { Work, Workplace } from './make-variants.js';

/**
 * The other work on one original: looks at variants that are there, and makes none. Each is read and decoded to its end, and
 * its size, format, and, where the store keeps that, the spec and the original that it was made from are compared with
 * what it is to be.
 *
 * @returns for each variant of the job `made` where it is as if it had just been made, and else a failure with the code of
 *   what is wrong; a failure without a variant where the original itself cannot be read
 */
export async function checkVariants(job: Job, place: Workplace): Promise<Work> {
  const { key } = job.original;
  const due = job.due.map(({ spec }) => spec.name);
  let bytesRead = 0;
  try {
    const { bytes, object } = await place.originals.read(key, place.limits.bytes);
    bytesRead += bytes.length;
    const expected = await place.inTurn(() => expectedVariants(bytes, job.due.map(({ spec }) => spec), place.limits));
    const outcomes: Outcome[] = [];
    let unproven = 0;
    const onUnproven = (): void => void (unproven += 1);
    for (const one of job.due) {
      const outcome = await checkOne(one, object, expected.get(one.spec), place, onUnproven).catch((error: unknown) => asOutcome(key, one.spec.name, error));
      outcomes.push(outcome);
    }
    return { original: key, due, outcomes, bytesRead, unproven };
  } catch (error) {
    return { original: key, due, outcomes: [asOutcome(key, null, error)], bytesRead };
  }
}

/** What is accepted of an original says nothing of what is made of it. @throws Failure for what is wrong with it */
async function checkOne({ spec, key, reason }: DueVariant, original: StoredObject, expected: Expected | undefined, place: Workplace, onUnproven: () => void): Promise<Outcome> {
  const { bytes, made } = await place.variants.read(key, Math.max(place.limits.bytes, DEFAULT_LIMITS.bytes));
  if (made === undefined) onUnproven();
  const { width, height } = await place.inTurn(() => lookedAt(bytes, expected, place.limits)).catch(asDamage);
  if (made !== undefined && made.fingerprint !== fingerprintOf(spec)) throw new Failure('wrong-fingerprint', 'made by another spec');
  if (made !== undefined && made.originalEtag !== original.etag) throw new Failure('wrong-original', 'made from other content');
  return { result: 'made', original: original.key, variant: spec.name, key, bytes: bytes.length, width, height, reason };
}

/** Decodes it to its end; but of what somebody else may have put there only what is as large as it is to be. @throws Failure */
async function lookedAt(bytes: Buffer, expected: Expected | undefined, limits: Limits): Promise<Size> {
  const picture = await openedVariant(bytes, limits);
  const { width, height, format } = picture;
  if (expected !== undefined && format !== expected.format) throw new Failure('wrong-format', `${format}, not ${expected.format}`);
  if (expected !== undefined && (width !== expected.width || height !== expected.height)) {
    throw new Failure('wrong-size', `${width}x${height}, not ${expected.width}x${expected.height}`);
  }
  await picture.decode();
  return { width, height };
}

/** What would be wrong with an original is damage of a variant. */
const DAMAGE: Partial<Record<FailureCode, FailureCode>> = {
  'empty-original': 'variant-corrupt',
  'unsupported-format': 'variant-corrupt',
  'corrupt-image': 'variant-corrupt',
  'too-many-pixels': 'wrong-size',
};

function asDamage(error: unknown): never {
  if (!(error instanceof Failure)) throw error;
  throw new Failure(DAMAGE[error.code] ?? error.code, error.detail);
}

/** Expected trouble as an outcome; anything else is a bug and goes on its way up. */
function asOutcome(original: string, variant: string | null, error: unknown): Outcome {
  if (!(error instanceof Failure)) throw error;
  return failed(original, variant, error);
}
