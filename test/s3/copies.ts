import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { s3Copier } from '../../src/store/s3-copy.js';
import { s3Place } from '../../src/store/s3-place.js';
import type { S3Settings } from '../../src/store/s3-settings.js';
import { backUp } from '../../src/work/back-up.js';
import { freshPrefix, rawClient, type Gaps } from './suite.js';

const HEADERS = {
  ContentType: 'image/x-odd',
  CacheControl: 'max-age=60',
  ContentDisposition: 'attachment; filename="a b.jpg"',
  ContentLanguage: 'de',
};
const UGLY = ['a b+c.jpg', 'a%2Fb.jpg', 'caf\u00e9/日本 👩‍👩‍👧.jpg', 'a//b.jpg', `q"'?&=#<>.jpg`, '.hidden', 'no-extension'];

/** Backing up from one bucket to another, for any server. */
export function copySuite(name: string, settings: () => Promise<S3Settings>, gaps: Gaps): void {
  const open = async (largest?: number) => {
    const s3 = await settings();
    const from = await freshPrefix(s3);
    const to = await freshPrefix(s3, 'imgvar-backup');
    const client = rawClient(s3);
    const copier = s3Copier(s3Place(from.bucket, from.prefix, s3), s3Place(to.bucket, to.prefix, s3), largest === undefined ? {} : { largest });
    const put = async (key: string, content: string | Buffer, more: Partial<typeof HEADERS> & { Metadata?: Record<string, string> } = {}) => {
      await client.send(new PutObjectCommand({ Bucket: from.bucket, Key: from.prefix + key, Body: Buffer.from(content), ...more }));
    };
    const putFromBrowser = async (key: string, content: string, language: string) => {
      const command = new PutObjectCommand({ Bucket: from.bucket, Key: from.prefix + key, Body: Buffer.from(content) });
      // After it was signed, as no header but some of Amazon's own need be; in UTF-8, of which Node would make Latin-1.
      const header = Buffer.from(language).toString('latin1');
      command.middlewareStack.add((next) => (args) => next(withHeader(args, 'content-language', header)), { name: 'unsigned', step: 'deserialize', priority: 'low' });
      await client.send(command);
    };
    const putCopy = async (key: string, content: string) => {
      await client.send(new PutObjectCommand({ Bucket: to.bucket, Key: to.prefix + key, Body: Buffer.from(content) }));
    };
    const read = async (key: string) => {
      const answer = await client.send(new GetObjectCommand({ Bucket: to.bucket, Key: to.prefix + key }));
      return { ...answer, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
    };
    return { copier, put, putFromBrowser, putCopy, read };
  };

  describe(`${name} as a place of backups`, () => {
    it('takes copies with their headers and metadata', async () => {
      const { copier, put, read } = await open();
      await put('a.jpg', 'content', { ...HEADERS, Metadata: { owner: 'someone' } });
      expect(await backUp('a.jpg', copier)).toEqual({ result: 'copied', bytes: 7 });
      const copy = await read('a.jpg');
      expect(copy).toMatchObject(HEADERS);
      expect(copy.Metadata).toEqual({ owner: 'someone', 'imgvar-source-etag': '9a0364b9e99bb480dd25e1f0284c8555' });
      expect(copy.bytes.toString()).toBe('content');
    });

    it('takes ugly keys as they are', async () => {
      const { copier, put, read } = await open();
      for (const key of UGLY) await put(key, `at ${key}`);
      for (const key of UGLY) expect(await backUp(key, copier)).toMatchObject({ result: 'copied' });
      for (const key of UGLY) expect((await read(key)).bytes.toString()).toBe(`at ${key}`);
    });

    it('has a copy of the same content once, and of new content again', async () => {
      const { copier, put, read } = await open();
      await put('a', 'one');
      expect(await backUp('a', copier)).toMatchObject({ result: 'copied' });
      const { LastModified } = await read('a');
      expect(await backUp('a', copier)).toEqual({ result: 'present', bytes: 3 });
      expect((await read('a')).LastModified).toEqual(LastModified);
      await put('a', 'other');
      expect(await backUp('a', copier)).toMatchObject({ result: 'copied' });
      expect((await read('a')).bytes.toString()).toBe('other');
    });

    it('copies what has no room for a mark in its metadata', async () => {
      const { copier, put, read } = await open();
      await put('a', 'content', { Metadata: { long: 'x'.repeat(2030) } });
      expect(await backUp('a', copier)).toMatchObject({ result: 'copied' });
      expect((await read('a')).Metadata).toEqual({ long: 'x'.repeat(2030) });
    });

    it('takes copies with a header that is not ASCII, as browsers send it', async () => {
      const { copier, putFromBrowser, read } = await open();
      await putFromBrowser('a', 'content', '© Zoë');
      expect(await backUp('a', copier)).toMatchObject({ result: 'copied' });
      expect(Buffer.from((await read('a')).ContentLanguage ?? '', 'latin1').toString()).toBe('© Zoë');
      expect(await backUp('a', copier)).toMatchObject({ result: 'present' });
    });

    it('does not copy what is not there', async () => {
      const { copier } = await open();
      await expect(backUp('none', copier)).rejects.toMatchObject({ code: 'original-missing' });
      await expect(backUp('../none', copier)).rejects.toMatchObject({ code: 'invalid-key' });
    });

    it.skipIf(gaps.copyConditions)('copies only what was looked at, over what was seen there', async () => {
      const { copier, put, putCopy, read } = await open();
      await put('a', 'one');
      const source = await copier.source('a');
      if (source === undefined) throw new Error('no source');
      await put('a', 'two');
      expect(await copier.copy(source, undefined)).toBe('overtaken');
      expect(await copier.existing('a')).toBeUndefined();
      expect(await backUp('a', copier)).toMatchObject({ result: 'copied' });
      expect((await read('a')).bytes.toString()).toBe('two');
      await putCopy('b', 'of another');
      await put('b', 'one');
      const other = await copier.source('b');
      if (other === undefined) throw new Error('no source');
      expect(await copier.copy(other, undefined)).toBe('overtaken');
      expect(await copier.copy(other, { size: 3, etag: '0123456789abcdef0123456789abcdef', sourceEtag: '' })).toBe('overtaken');
      expect((await read('b')).bytes.toString()).toBe('of another');
    });

    it.skipIf(gaps.copyParts)('copies large content in parts', async () => {
      const part = 5 * 1024 * 1024;
      const { copier, put, read } = await open(part);
      const content = Buffer.alloc(2 * part + 12_345, 'large ');
      await put('large +.jpg', content, { ...HEADERS, Metadata: { owner: 'someone' } });
      expect(await backUp('large +.jpg', copier)).toEqual({ result: 'copied', bytes: content.length });
      const copy = await read('large +.jpg');
      expect(copy).toMatchObject(HEADERS);
      expect(copy.bytes.equals(content)).toBe(true);
      expect(copy.ETag).toContain('-3');
      expect(await backUp('large +.jpg', copier)).toMatchObject({ result: 'present' });
    });
  });
}

/** What is about to be sent, with a header more. */
function withHeader<T extends { request: unknown }>(args: T, name: string, value: string): T {
  Object.assign((args.request as { headers: Record<string, string> }).headers, { [name]: value });
  return args;
}
