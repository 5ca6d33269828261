import { UserError } from '../model/user-error.js';
import { troubleOf } from '../store/s3-error.js';
import type { Invocation } from './lambda-invocation.js';

/** What an error of the SDK may carry. */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
  readonly syscall?: unknown;
  readonly Reason?: unknown;
  readonly retryAfterSeconds?: unknown;
}

/** Without these the request never left this machine; Node's own codes. */
const UNSENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EMFILE|ENETDOWN)$/;

/** Nor did it where no connection came about in time, as the SDK says it without a code, or none that is secure, as Node does. */
const UNCONNECTED = /did not establish a connection|before secure TLS connection was established/;

/** A server that cannot prove who it is; Node's and OpenSSL's own codes. */
const CERTIFICATE = /CERT|SIGNATURE$/;

/**
 * What it means that an invocation had no answer.
 *
 * @throws UserError for what a person must mend; what is neither an answer nor trouble of the network is thrown as it is
 */
export function troubleWith(error: unknown, name: string, region: string): Invocation {
  if (!(error instanceof Error)) throw error;
  const { $metadata, $response, Reason, retryAfterSeconds, name: kind, message } = error as SdkError;
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  if (status === 429) return { kind: 'throttled', reason: String(Reason ?? kind), waitSeconds: Number(retryAfterSeconds ?? 0) || 0 };
  // While it is being deployed, or comes back from long disuse.
  if (status === 409) return { kind: 'throttled', reason: kind, waitSeconds: 1 };
  if (status === 413) return { kind: 'died', death: { code: 'function-error', detail: kind }, log: NOTHING_BILLED };
  if (status !== undefined && status >= 400 && status < 500) throw mistakeOf(kind, message, name, region);
  if (status !== undefined) return { kind: 'lost', detail: `HTTP ${status}` };
  if (/Provider/.test(kind)) {
    throw new UserError('credentials-missing', `No AWS credentials to invoke the function "${name}"; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in again.`);
  }
  const trouble = troubleOf(error);
  if (trouble === undefined) throw error;
  const { code } = trouble;
  if (CERTIFICATE.test(code)) {
    throw new UserError('endpoint-unreachable', `The certificate of Lambda in ${region} is not accepted (${code}); check AWS_ENDPOINT_URL_LAMBDA, NODE_EXTRA_CA_CERTS and this machine's clock.`);
  }
  return { kind: neverLeft(error, code) ? 'unsent' : 'lost', detail: code };
}

function neverLeft(error: SdkError, code: string): boolean {
  // Node's AggregateError is that of all addresses of a host, none of which could be connected to.
  return UNSENT.test(code) || UNCONNECTED.test(error.message) || error.syscall === 'connect' || error instanceof AggregateError;
}

/** As a log would have it. */
const NOTHING_BILLED = 'REPORT RequestId: none\tBilled Duration: 0 ms';

function mistakeOf(kind: string, message: string, name: string, region: string): UserError {
  switch (kind) {
    case 'ResourceNotFoundException':
      return new UserError('function-missing', `There is no function "${name}" in ${region}; check its name and --region, or deploy it with: imgvar deploy`);
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
    case 'MissingAuthenticationTokenException':
    case 'IncompleteSignatureException':
      return new UserError('credentials-wrong', `The AWS credentials are not accepted for the function "${name}" (${kind}); check AWS_PROFILE or the access key and its secret.`);
    case 'ExpiredTokenException':
      return new UserError('credentials-expired', `The AWS credentials for the function "${name}" have expired; sign in again and run the same command.`);
    case 'AccessDeniedException':
      return new UserError('function-forbidden', `No permission to invoke the function "${name}" in ${region}; allow lambda:InvokeFunction on it.`);
    default:
      return new UserError('function-refused', `Lambda refuses to invoke the function "${name}" in ${region}: ${kind}${message === '' ? '' : `, ${message}`}.`);
  }
}
