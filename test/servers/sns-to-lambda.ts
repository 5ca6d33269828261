import { PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { DEFAULT_S3 } from '../../src/store/s3-settings.js';
import { rawClient } from '../s3/suite.js';

/** What SNS says by HTTP, as far as Lambda's event has it. */
interface Notification {
  readonly Type: string;
  readonly Message: string;
}

/**
 * Has a server tell of uploads by way of SNS, and hands on what is told as Lambda gets it: SNS itself reaches functions
 * only in AWS, but tells the same by HTTP, in other wrapping.
 */
export async function subscribe(url: string, bucket: string, onEvent: (event: unknown) => void): Promise<{ close: () => void }> {
  const sink = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    response.end();
    const told = JSON.parse(text) as Notification;
    if (told.Type === 'Notification') onEvent({ Records: [{ EventVersion: '1.0', EventSource: 'aws:sns', Sns: told }] });
  }).listen(0, '127.0.0.1');
  await once(sink, 'listening');
  const address = sink.address();
  if (address === null || typeof address === 'string') throw new Error('no address');

  const sns = new SNSClient({ endpoint: url });
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'uploads' }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `http://127.0.0.1:${address.port}/` }));
  const TopicConfigurations = [{ Id: 'uploads', TopicArn, Events: ['s3:ObjectCreated:*' as const] }];
  await rawClient({ ...DEFAULT_S3, endpoint: url }).send(
    new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration: { TopicConfigurations } }),
  );
  return { close: () => void sink.close() };
}
