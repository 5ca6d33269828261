import { UserError } from '../model/user-error.js';
import { troubleOf, userErrorOf, type S3Trouble } from '../store/s3-error.js';

/** Codes of the other services for what S3 has its own words for. */
const SAME_AS: Readonly<Record<string, string>> = {
  InvalidClientTokenId: 'InvalidAccessKeyId',
  UnrecognizedClientException: 'InvalidAccessKeyId',
  IncompleteSignature: 'SignatureDoesNotMatch',
  AccessDeniedException: 'AccessDenied',
};

/**
 * The answer to a request.
 *
 * @param permission the action that it needs, as a policy names it: `cloudformation:CreateChangeSet`
 * @throws UserError for what a person must mend: credentials, permissions, limits, the network; what is no answer of AWS as it is
 */
export async function asked<T>(permission: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw mistakeOf(permission, error) ?? error;
  }
}

/** The HTTP status of AWS's refusal. */
export function statusOf(error: unknown): number | undefined {
  return troubleOf(error)?.status;
}

function mistakeOf(permission: string, error: unknown): UserError | undefined {
  const trouble = troubleOf(error);
  if (trouble === undefined) return undefined;
  const known: S3Trouble = { ...trouble, code: SAME_AS[trouble.code] ?? trouble.code };
  const mistake = userErrorOf(known, 'AWS');
  if (mistake !== undefined) return mistake;
  if (known.code === 'AccessDenied' || known.status === 403) {
    return new UserError('access-denied', `These AWS credentials may not use ${permission}; allow it, or use others.`);
  }
  if (known.status !== undefined && known.status < 500) return new UserError('aws-refused', `AWS refuses ${permission} (${known.code}): ${wordsOf(error)}`);
  return new UserError('endpoint-unreachable', `AWS cannot be reached for ${permission} (${known.code}): check --region, the endpoint and the network.`);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
