import type { Invalidated } from '../model/events.js';
import type { FailureCode } from '../model/failure.js';
import type { DueReason } from '../model/job.js';
import type { Failed } from '../model/outcome.js';
import { plural, showCount, showKey, showUsd } from './format.js';

interface Wording {
  /** What happened to the original. */
  readonly what: string;
  /** What a person can do. */
  readonly advice: string;
}

const FAILURES: Record<FailureCode, Wording> = {
  'empty-original': { what: 'the original has no content', advice: 'Upload it again, or leave it out with --exclude.' },
  'unsupported-format': {
    what: 'not a format that can be read',
    advice: 'Convert it to JPEG, PNG, WebP, AVIF, GIF or TIFF, or leave it out with --exclude.',
  },
  'corrupt-image': { what: 'the image is damaged', advice: 'Upload it again from its source.' },
  'too-many-pixels': { what: 'more pixels than are accepted', advice: 'Raise limits.pixels in the config if it is genuine; a side of more than 65,535 is never read.' },
  'too-large': { what: 'more bytes than are accepted', advice: 'Raise limits.bytes in the config if it is genuine.' },
  'original-missing': { what: 'the original does not exist', advice: 'Check the key; it is relative to the originals.' },
  'original-changed': { what: 'the original kept changing', advice: 'Run again when its upload is over.' },
  'original-archived': {
    what: 'the original is archived',
    advice: 'Restore it from its storage class (S3 RestoreObject), then run again.',
  },
  'invalid-key': { what: 'the key cannot be used here', advice: 'Rename the original, or leave it out with --exclude.' },
  'key-collision': {
    what: 'another original has the same variant key',
    advice: 'Rename one of the two, or use a layout such as {path}/{variant}.',
  },
  'access-denied': { what: 'no permission', advice: 'Allow reading the originals and writing the variants.' },
  'read-failed': { what: 'the original could not be read', advice: 'Run again; what is done is not done again.' },
  'write-failed': { what: 'the variant could not be written', advice: 'Check the space and the folder, then run again.' },
  throttled: { what: 'the store asked for fewer requests, again and again', advice: 'Run again with a lower --concurrency.' },
  timeout: { what: 'it took too long', advice: 'Run again, or raise limits.seconds in the config.' },
  'worker-crashed': { what: 'the worker process died of it, twice', advice: 'Look at this original; leave it out with --exclude.' },
  'backup-missing': { what: 'there is no copy of it', advice: 'Check the key; it is relative to the backup.' },
  'original-present': { what: 'an original is in its place', advice: 'Say --overwrite if the copy is to take its place.' },
  'copy-differs': { what: 'the copy is not of the original as it is now', advice: 'Run imgvar backup; it copies what has changed.' },
  'variant-corrupt': { what: 'the variant is damaged', advice: 'Make it again, with imgvar verify --fix or imgvar regenerate.' },
  'wrong-size': { what: 'the variant has another size than its spec asks for', advice: 'Make it again, with imgvar verify --fix or imgvar regenerate.' },
  'wrong-format': { what: 'the variant is of another format', advice: 'Make it again, with imgvar verify --fix or imgvar regenerate.' },
  'wrong-fingerprint': { what: 'the variant was made by another spec', advice: 'Make it again, with imgvar verify --fix or imgvar regenerate.' },
  'wrong-original': { what: 'the variant was made from other content', advice: 'Make it again, with imgvar verify --fix or imgvar regenerate.' },
  'function-error': { what: 'the Lambda function failed on it', advice: 'Look at the function\'s log; leave the original out with --exclude.' },
  'not-repeated': { what: 'its invocation did not do it, and --max-cost left no money for another', advice: 'Run again, with a higher --max-cost or without.' },
};

/** One sentence on what happened, without the key. */
export function failureMessage({ code, detail }: Pick<Failed, 'code' | 'detail'>): string {
  const { what } = FAILURES[code];
  return detail === '' ? what : `${what} (${detail})`;
}

export function failureAdvice(code: FailureCode): string {
  return FAILURES[code].advice;
}

/** What it costs is said before it is done. */
export function invalidationText({ distribution, paths, wildcards, usd }: Invalidated, dryRun: boolean): string {
  const folded = wildcards === 0 ? '' : `, ${showCount(wildcards)} of them for whole folders`;
  const price = `free among the first 1,000 of a month, else ${showUsd(usd)}`;
  return `${dryRun ? 'Would invalidate' : 'Invalidating'} ${plural(paths.length, 'path')} of ${showKey(distribution)}${folded}: ${price}.`;
}

const REASONS: Record<DueReason, string> = {
  missing: 'missing',
  'original-newer': 'original is newer',
  'spec-changed': 'spec has changed',
  forced: 'asked for',
  retried: 'failed before',
  'copy-differs': 'copy differs',
};

export function reasonText(reason: DueReason): string {
  return REASONS[reason];
}
