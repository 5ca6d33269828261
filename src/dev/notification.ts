import { randomUUID } from 'node:crypto';
import type { StoredObject } from '../model/original.js';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:imgvar-dev';

/**
 * The event with which SNS calls a function when S3 has told it of an upload. Source: Amazon S3 User Guide, "Event message
 * structure"; AWS Lambda Developer Guide, "Using Lambda with Amazon SNS".
 */
export function notificationOf({ key, size, etag, lastModified }: StoredObject): unknown {
  const time = new Date(lastModified).toISOString();
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: time,
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: 'imgvar-dev', arn: 'arn:aws:s3:::imgvar-dev' },
      object: { key: formEncoded(key), size, eTag: etag, sequencer: lastModified.toString(16).padStart(16, '0').toUpperCase() },
    },
  };
  const notification = {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: TOPIC,
    Subject: 'Amazon S3 Notification',
    Message: JSON.stringify({ Records: [record] }),
    Timestamp: time,
  };
  return { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: `${TOPIC}:function`, Sns: notification }] };
}

/** As S3 writes keys in notifications. */
function formEncoded(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}
