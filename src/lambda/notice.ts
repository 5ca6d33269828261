/** One record of an S3 notification, as far as it can be read. */
export type Notice =
  | {
      readonly kind: 'created';
      readonly bucket: string;
      /** Whole and decoded, with the location's prefix. */
      readonly key: string;
      /** Bytes, as the notification says. */
      readonly size: number;
    }
  /** Nothing is to be done. */
  | { readonly kind: 'ignored'; readonly code: 'test-event' | 'other-event'; readonly detail: string }
  /** It can never be read, however often it is delivered. */
  | { readonly kind: 'unreadable'; readonly code: 'invalid-event' | 'invalid-key'; readonly detail: string };

/**
 * What an event tells: an S3 notification, one wrapped by SNS, or the test that S3 sends when a notification is set up.
 * Source of the shapes: Amazon S3 User Guide, "Event message structure"; AWS Lambda Developer Guide, "Using Lambda with
 * Amazon SNS".
 *
 * @returns undefined if it is no notification at all
 */
export function noticesOf(event: unknown): readonly Notice[] | undefined {
  if (isObject(event) && event['Event'] === 's3:TestEvent') return [{ kind: 'ignored', code: 'test-event', detail: textOf(event['Bucket']) }];
  if (!isObject(event) || !Array.isArray(event['Records'])) return undefined;
  return event['Records'].flatMap((record: unknown) => {
    if (isObject(record) && record['EventSource'] === 'aws:sns') return fromSns(record);
    return isObject(record) && isObject(record['s3']) ? [fromS3(record, record['s3'])] : [unreadable('a record that is neither of S3 nor of SNS')];
  });
}

/** SNS carries the notification as a text. Its message is never itself an SNS event. */
function fromSns({ Sns: sns }: Record<string, unknown>): readonly Notice[] {
  const message = isObject(sns) ? sns['Message'] : undefined;
  if (typeof message !== 'string') return [unreadable('an SNS record without a message')];
  let told: unknown;
  try {
    told = JSON.parse(message);
  } catch {
    return [unreadable('an SNS message that is not JSON')];
  }
  const records = isObject(told) && Array.isArray(told['Records']) ? told['Records'] : [];
  if (records.some((record: unknown) => isObject(record) && record['EventSource'] === 'aws:sns')) return [unreadable('SNS within SNS')];
  return noticesOf(told) ?? [unreadable('an SNS message that is no S3 notification')];
}

function fromS3(record: Record<string, unknown>, { bucket, object }: Record<string, unknown>): Notice {
  const { eventName, eventVersion = '2.0' } = record;
  // AWS: a new major version may break readers, a minor one may not.
  if (typeof eventVersion !== 'string' || !/^2\./.test(eventVersion)) return unreadable(`event version ${textOf(eventVersion)}`);
  if (typeof eventName !== 'string') return unreadable('a record without a name');
  // Ceph writes names with the prefix that S3 has in its settings only.
  if (!eventName.replace(/^s3:/, '').startsWith('ObjectCreated:')) return { kind: 'ignored', code: 'other-event', detail: textOf(eventName) };
  const name = isObject(bucket) ? bucket['name'] : undefined;
  const { key, size } = isObject(object) ? object : {};
  if (typeof name !== 'string' || typeof key !== 'string') return unreadable('a record without bucket or key');
  try {
    // As HTML forms encode: a space is a +.
    const decoded = decodeURIComponent(key.replaceAll('+', ' '));
    return { kind: 'created', bucket: name, key: decoded, size: typeof size === 'number' && size > 0 ? size : 0 };
  } catch {
    return { kind: 'unreadable', code: 'invalid-key', detail: `not form-encoded: ${textOf(key)}` };
  }
}

function unreadable(detail: string): Notice {
  return { kind: 'unreadable', code: 'invalid-event', detail };
}

/** The most characters of something unknown that are logged. */
const LONGEST = 200;

function textOf(value: unknown): string {
  return (typeof value === 'string' ? value : typeof value).slice(0, LONGEST);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
