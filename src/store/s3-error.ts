import { Failure, type FailureCode } from '../model/failure.js';
import { UserError } from '../model/user-error.js';

/** What went wrong with a request, as S3 or the system says it. */
export interface S3Trouble {
  /** The HTTP status; undefined if no answer came. */
  readonly status: number | undefined;
  /** `AccessDenied`, `ECONNRESET`, `TimeoutError`; the status where a body could not be read as S3's XML. */
  readonly code: string;
  /** Where the bucket is, if the answer says so. */
  readonly region: string | undefined;
}

/** Undefined for what is no answer and no trouble of the network, and so a bug. */
export function troubleOf(error: unknown): S3Trouble | undefined {
  if (!(error instanceof Error) || error instanceof Failure) return undefined;
  const { $metadata, $response, Code, code, name } = error as Partial<SdkError>;
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  if (status !== undefined) {
    const region = $response?.headers?.['x-amz-bucket-region'];
    const named = Code ?? name;
    // An HTML page in place of XML comes as an error of the XML parser, under a name of its own.
    const isOfS3 = Code !== undefined || (name !== undefined && !/^(Error|\w+Error|Unknown)$/.test(name));
    const known = status >= 300 && named !== undefined && /^[A-Z][A-Za-z0-9.]+$/.test(named) && isOfS3;
    return { status, code: known ? named : `HTTP ${status}`, region };
  }
  if (typeof code === 'string' && /^[A-Z]/.test(code) && !BUGS.test(code)) return { status: undefined, code, region: undefined };
  if (name !== undefined && NAMED.test(name)) return { status: undefined, code: name, region: undefined };
  if (GARBLED.test(error.message)) return { status: undefined, code: 'ChecksumMismatch', region: undefined };
  return undefined;
}

interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
  readonly Code?: string;
  readonly code?: unknown;
}

/** Node's own codes for calls that are wrong; those of TLS, HTTP and streams are the network's, and an address is a profile's. */
const BUGS = /^ERR_(?!TLS|SSL|HTTP|STREAM|SOCKET|INVALID_URL$)/;

/** Errors that come before an answer. */
const NAMED = /^(TimeoutError|AbortError|EndpointError|CredentialsProviderError|TokenProviderError|ProviderError)$/;

/** A body that does not match its checksum: the SDK gives it neither a name nor a code. */
const GARBLED = /^Checksum mismatch: /;

/** Whether the same request may succeed later. */
export function isPassing({ status, code }: S3Trouble): boolean {
  if (status === undefined) return !/Provider|^(CERT_|ERR_TLS|ERR_SSL|HPE_)|CERT|SIGNATURE$|^ENOTFOUND$/.test(code);
  if (code === 'RequestTimeout' || code === 'BadDigest' || code === 'OperationAborted' || code === 'ConditionalRequestConflict') return true;
  return status === 429 || status === 408 || (status >= 500 && status !== 501) || isThrottled({ status, code, region: undefined });
}

/** Whether the store asks for fewer requests. */
export function isThrottled({ status, code }: S3Trouble): boolean {
  return status === 429 || status === 503 || /^(SlowDown|Throttl|RequestLimitExceeded|TooManyRequests)/.test(code);
}

/** Trouble with one object, as a coded failure. */
export function failureOf(trouble: S3Trouble, otherwise: 'read-failed' | 'write-failed'): Failure {
  const { status, code } = trouble;
  return new Failure(failureCodeOf(trouble, otherwise), status === undefined || code.startsWith('HTTP') ? code : `${code} (HTTP ${status})`);
}

function failureCodeOf(trouble: S3Trouble, otherwise: 'read-failed' | 'write-failed'): FailureCode {
  const { status, code } = trouble;
  if (code === 'InvalidObjectState' || code === 'ObjectNotInActiveTierError') return 'original-archived';
  if (code === 'KeyTooLongError' || code === 'InvalidURI') return 'invalid-key';
  if (isThrottled(trouble)) return 'throttled';
  if (status === 404 && otherwise === 'read-failed') return 'original-missing';
  if (status === 401 || status === 403) return 'access-denied';
  return code === 'TimeoutError' ? 'timeout' : otherwise;
}

/**
 * Trouble that every other request would have as well, and that a person must mend first; undefined for any other.
 *
 * @param location as a person writes it
 */
export function userErrorOf({ code, region }: S3Trouble, location: string): UserError | undefined {
  const [bucket = ''] = location.replace(/^s3:\/\//, '').split('/');
  switch (code) {
    case 'CredentialsProviderError':
    case 'TokenProviderError':
    case 'ProviderError':
      return new UserError(
        'credentials-missing',
        `No AWS credentials for ${location}; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in again.`,
      );
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'InvalidToken':
    case 'InvalidSecurity':
    case 'NotSignedUp':
      return new UserError(
        'credentials-wrong',
        `The AWS credentials are not accepted for ${location} (${code}); check AWS_PROFILE or the access key and its secret.`,
      );
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'TokenRefreshRequired':
    case 'RequestExpired':
      return new UserError('credentials-expired', `The AWS credentials for ${location} have expired; sign in again and run the same command.`);
    case 'RequestTimeTooSkewed':
      return new UserError('clock-wrong', `This machine's clock is wrong by more than 15 minutes, so ${location} refuses its requests; set the clock.`);
    // By Node and by the SDK: no request came to be.
    case 'ERR_INVALID_URL':
    case 'EndpointError':
      return new UserError('endpoint-unreachable', `${location} has no address that can be reached; check endpoint_url in ~/.aws/config, the region and the bucket's name.`);
    case 'NoSuchBucket':
    case 'InvalidBucketName':
      return new UserError('location-missing', `There is no bucket "${bucket}"; check its name, --region and --endpoint-url.`);
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return new UserError('region-wrong', `The bucket "${bucket}" is in another region${region === undefined ? '' : ` (${region})`}; name it with --region.`);
    default:
      return undefined;
  }
}
