/**
 * Why a variant could not be made. The codes are part of the command line's contract; what they mean to a person, and
 * what to do, is said in report/wording.ts. `true`: the same work may succeed when it is tried again.
 */
export const FAILURE_CODES = {
  'empty-original': false,
  'unsupported-format': false,
  'corrupt-image': false,
  'too-many-pixels': false,
  'too-large': false,
  'original-missing': false,
  'original-changed': true,
  'original-archived': false,
  'invalid-key': false,
  'key-collision': false,
  'access-denied': false,
  'read-failed': true,
  'write-failed': true,
  throttled: true,
  timeout: true,
  'worker-crashed': true,
  'function-error': false,
  'not-repeated': true,
  'backup-missing': false,
  'original-present': false,
  'copy-differs': false,
  'variant-corrupt': false,
  'wrong-size': false,
  'wrong-format': false,
  'wrong-fingerprint': false,
  'wrong-original': false,
} as const satisfies Record<string, boolean>;

export type FailureCode = keyof typeof FAILURE_CODES;

/** Expected trouble with one original: it becomes a failed outcome and never ends the run. */
export class Failure extends Error {
  override readonly name = 'Failure';

  /** @param detail what was found, in a few words; may be empty */
  constructor(
    readonly code: FailureCode,
    readonly detail: string,
  ) {
    super(detail === '' ? code : `${code}: ${detail}`);
  }
}
