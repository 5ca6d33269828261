import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMerged, mergeNotification, UPLOAD_EVENT } from '../../src/stack/notification.js';
import { UserError } from '../../src/model/user-error.js';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:imgvar-uploads';
const ID = 'imgvar-imgvar';

const merged = (existing: NotificationConfiguration, prefix = 'in/') => mergeNotification(existing, 'b', ID, TOPIC, prefix);
const refused = (existing: NotificationConfiguration, prefix = 'in/') => expect(() => merged(existing, prefix)).toThrow(expect.objectContaining({ code: 'notification-overlap' }));

const rules = (prefix: string | null, suffix: string | null = null) => ({
  Key: { FilterRules: [...(prefix === null ? [] : [{ Name: 'prefix' as const, Value: prefix }]), ...(suffix === null ? [] : [{ Name: 'suffix' as const, Value: suffix }])] },
});
const queue = (prefix: string | null, Events: string[] = [UPLOAD_EVENT], suffix: string | null = null): NotificationConfiguration => ({
  QueueConfigurations: [{ Id: 'theirs', QueueArn: 'arn:aws:sqs:::q', Events: Events as never, Filter: rules(prefix, suffix) }],
});

function never(): never {
  throw new Error('there is one');
}

describe('the notification of an own bucket', () => {
  test('is made where there is none', () => {
    expect(merged({})).toEqual({
      TopicConfigurations: [{ Id: ID, TopicArn: TOPIC, Events: [UPLOAD_EVENT], Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'in/' }] } } }],
    });
    expect(merged({}, '')).toEqual({ TopicConfigurations: [{ Id: ID, TopicArn: TOPIC, Events: [UPLOAD_EVENT] }] });
  });

  test.each([
    ['the same prefix', queue('in/'), 'in/'],
    ['a wider one', queue('i'), 'in/'],
    ['a narrower one', queue('in/deep/'), 'in/'],
    ['none', queue(null), 'in/'],
    ['ours of everything', queue('elsewhere/'), ''],
    ['one kind of upload', queue('in/', ['s3:ObjectCreated:Put']), 'in/'],
    ['one of several events', queue('in/', ['s3:ObjectRemoved:*', 's3:ObjectCreated:Copy']), 'in/'],
    ['a suffix, as ours is about any', queue('in/', [UPLOAD_EVENT], '.jpg'), 'in/'],
    ['a prefix written in capitals', { QueueConfigurations: [{ QueueArn: 'q', Events: [UPLOAD_EVENT], Filter: { Key: { FilterRules: [{ Name: 'Prefix' as 'prefix', Value: 'in/' }] } } }] } as NotificationConfiguration, 'in/'],
    ['a function', { LambdaFunctionConfigurations: [{ LambdaFunctionArn: 'f', Events: [UPLOAD_EVENT] }] } as NotificationConfiguration, 'in/'],
    ['another topic', { TopicConfigurations: [{ TopicArn: 't', Events: [UPLOAD_EVENT] }] } as NotificationConfiguration, 'in/'],
  ])('is refused beside one of %s', (_, existing, prefix) => {
    refused(existing, prefix);
  });

  test('is known for what it is when it is there, whatever case S3 writes the rule in', () => {
    for (const prefix of ['in/', '']) {
      const existing = merged({}, prefix);
      const [ours] = existing.TopicConfigurations ?? [];
      const isThere = (fields: object) => isMerged({ TopicConfigurations: [{ ...(ours ?? never()), ...fields }] }, ID, TOPIC, prefix);
      expect(isMerged(existing, ID, TOPIC, prefix)).toBe(true);
      expect(isThere({ Filter: { Key: { FilterRules: prefix === '' ? [] : [{ Name: 'Prefix', Value: prefix }] } } })).toBe(true);
      expect(isThere({ Filter: { Key: { FilterRules: [{ Name: 'Prefix', Value: 'other/' }] } } })).toBe(false);
      expect(isThere({ Id: 'before' })).toBe(false);
      expect(isThere({ TopicArn: 'arn:aws:sns:::before' })).toBe(false);
      expect(isThere({ Events: ['s3:ObjectCreated:Put'] })).toBe(false);
    }
    expect(isMerged({}, ID, TOPIC, '')).toBe(false);
  });

  test('is made beside those of other events and other prefixes', () => {
    for (const existing of [queue('in/', ['s3:ObjectRemoved:*']), queue('out/'), queue('in'.toUpperCase())]) {
      expect(merged(existing)).toMatchObject(existing);
    }
  });

  test('names who is told already', () => {
    expect(() => merged(queue('in/'))).toThrow(/arn:aws:sqs:::q.*"theirs"/);
  });

  const event = fc.constantFrom(UPLOAD_EVENT, 's3:ObjectCreated:Put', 's3:ObjectRemoved:*', 's3:ObjectTagging:*');
  const prefix = fc.constantFrom('', 'a/', 'a/b/', 'b/', 'in/');
  const told = fc.record({ Id: fc.string(), Events: fc.array(event as fc.Arbitrary<never>, { minLength: 1 }), Filter: prefix.map((text) => rules(text)) });
  const configuration: fc.Arbitrary<NotificationConfiguration> = fc.record(
    {
      TopicConfigurations: fc.array(told.map((one) => ({ ...one, TopicArn: 'arn:aws:sns:::t' }))),
      QueueConfigurations: fc.array(told.map((one) => ({ ...one, QueueArn: 'arn:aws:sqs:::q' }))),
      LambdaFunctionConfigurations: fc.array(told.map((one) => ({ ...one, LambdaFunctionArn: 'arn:aws:lambda:::f' }))),
      EventBridgeConfiguration: fc.constant({}),
    },
    { requiredKeys: [] },
  );

  test('changes nothing of the others, and nothing when it is merged again; what it is refused beside S3 would refuse', () => {
    fc.assert(
      fc.property(configuration, prefix, (existing, ours) => {
        const all = [...(existing.TopicConfigurations ?? []), ...(existing.QueueConfigurations ?? []), ...(existing.LambdaFunctionConfigurations ?? [])];
        const someKeys = ['', 'a/', 'a/b/', 'b/', 'in/'].map((start) => `${start}x`);
        // An upload that ours and one of theirs would both be about.
        const shared = all.some(
          ({ Events, Filter }) => Events?.some((one) => one.startsWith('s3:ObjectCreated')) && someKeys.some((key) => key.startsWith(ours) && key.startsWith(String(Filter?.Key?.FilterRules?.[0]?.Value))),
        );
        let once: NotificationConfiguration;
        try {
          once = mergeNotification(existing, 'b', ID, TOPIC, ours);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect(shared).toBe(true);
          return;
        }
        expect(shared).toBe(false);
        expect({ ...once, TopicConfigurations: once.TopicConfigurations?.filter(({ Id }) => Id !== ID) }).toEqual({ ...existing, TopicConfigurations: existing.TopicConfigurations ?? [] });
        expect(mergeNotification(once, 'b', ID, TOPIC, ours)).toEqual(once);
      }),
    );
  });
});

test('what an earlier stack of the same name has told the same topic, by an id of CloudFormation\'s, gives way', () => {
  const left: NotificationConfiguration = { TopicConfigurations: [{ Id: 'NjQxYzEx', TopicArn: TOPIC, Events: [UPLOAD_EVENT] }] };
  expect(merged(left).TopicConfigurations).toMatchObject([{ Id: ID, TopicArn: TOPIC }]);
});
