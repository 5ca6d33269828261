import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noticesOf } from '../../src/lambda/notice.js';

function recorded(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`events/${name}.json`, import.meta.url), 'utf8'));
}

function uploadOf(key: string, fields: Record<string, unknown> = {}) {
  return { Records: [{ eventVersion: '2.1', eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object: { key, size: 3 } }, ...fields }] };
}

function sns(message: unknown) {
  return { Records: [{ EventSource: 'aws:sns', Sns: { Message: typeof message === 'string' ? message : JSON.stringify(message) } }] };
}

const FLOWER = { kind: 'created', bucket: 'mybucket', key: 'red flower+leaf.jpg', size: 1024 };

describe('a recorded event', () => {
  test.each([
    ['s3-put', [FLOWER]],
    ['sns-s3-put', [FLOWER]],
    ['sns-moto', [{ kind: 'created', bucket: 'orig', key: 'a//b c+d.jpg', size: 1 }]],
    ['test-event', [{ kind: 'ignored', code: 'test-event', detail: 'mybucket' }]],
    ['sns-test-event', [{ kind: 'ignored', code: 'test-event', detail: 'mybucket' }]],
    ['s3-removed', [{ kind: 'ignored', code: 'other-event', detail: 'ObjectRemoved:Delete' }]],
  ])('%s', (name, notices) => {
    expect(noticesOf(recorded(name))).toEqual(notices);
  });

  test('s3-several: each by itself, in order', () => {
    const told = noticesOf(recorded('s3-several'))?.map((notice) => (notice.kind === 'created' ? notice.key : notice.code));
    expect(told).toEqual(['a.jpg', 'other-event', 'b/c.jpg', 'café/👩.jpg']);
  });
});

describe('keys', () => {
  test('come back as they were, whatever they hold', () => {
    // As S3 does it: HTML forms' encoding, with or without the slashes.
    const encode = (key: string, slashes: boolean): string => {
      const encoded = encodeURIComponent(key).replaceAll('%20', '+');
      return slashes ? encoded.replaceAll('%2F', '/') : encoded;
    };
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.boolean(), (key, slashes) => {
        expect(noticesOf(uploadOf(encode(key, slashes)))).toEqual([{ kind: 'created', bucket: 'b', key, size: 3 }]);
      }),
    );
  });

  test.each(['100%.jpg', '%', '%zz', '%C3', '%ED%A0%80'])('that nobody encoded so are told: %s', (key) => {
    expect(noticesOf(uploadOf(key))).toMatchObject([{ kind: 'unreadable', code: 'invalid-key' }]);
  });
});

describe('garbage', () => {
  test.each([[null], [undefined], [1], ['text'], [[]], [{}], [{ Records: 'none' }], [{ records: [] }]])('is no notification: %j', (event) => {
    expect(noticesOf(event)).toBeUndefined();
  });

  test.each([
    ['a record that is none', { Records: [null] }],
    ['a record of another service', { Records: [{ eventSource: 'aws:sqs', body: '{}' }] }],
    ['SNS without a message', { Records: [{ EventSource: 'aws:sns' }] }],
    ['SNS with a text', sns('Hello from SNS!')],
    ['SNS with JSON of another kind', sns({ hello: 1 })],
    ['SNS within SNS', sns(sns(uploadOf('a.jpg')))],
    ['a later major version', uploadOf('a.jpg', { eventVersion: '3.0' })],
    ['no name', uploadOf('a.jpg', { eventName: undefined })],
    ['no bucket', uploadOf('a.jpg', { s3: { object: { key: 'a' } } })],
    ['no key', uploadOf('a.jpg', { s3: { bucket: { name: 'b' }, object: {} } })],
  ])('within a notification has a code: %s', (_, event) => {
    expect(noticesOf(event)).toMatchObject([{ kind: 'unreadable', code: 'invalid-event' }]);
  });

  test('leaves the records beside it readable, and never throws', () => {
    const { Records: good } = uploadOf('a.jpg');
    expect(noticesOf({ Records: [null, ...good, 7] })?.map(({ kind }) => kind)).toEqual(['unreadable', 'created', 'unreadable']);
    fc.assert(fc.property(fc.jsonValue(), (event) => void noticesOf({ Records: [event, sns(event).Records[0], { s3: event }, { eventName: 'ObjectCreated:', s3: { bucket: event, object: event } }] })));
  });

  test('later minor versions, and names with the prefix of the settings, are read', () => {
    expect(noticesOf(uploadOf('a.jpg', { eventVersion: '2.9' }))).toMatchObject([{ kind: 'created' }]);
    expect(noticesOf(uploadOf('a.jpg', { eventName: 's3:ObjectCreated:Put' }))).toMatchObject([{ kind: 'created' }]);
  });
});
