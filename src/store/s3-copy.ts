import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { CopyObjectCommand, GetObjectCommand, GetObjectTaggingCommand } from '@aws-sdk/client-s3';
import type { StoredObject } from '../model/original.js';
import { addRequests } from '../model/requests.js';
import type { Copier, CopySource, Copy } from './copier.js';
import { bodyOf } from './s3-body.js';
import { copyInParts } from './s3-copy-parts.js';
import { failureOf } from './s3-error.js';
import { headOf, type Head } from './s3-head.js';
import { objectKey } from './s3-key.js';
import { objectOf, type Place } from './s3-place.js';
import { failedAs, RequestFailed } from './s3-requests.js';

/**
 * The largest object that one request copies, in bytes. S3 allows 5 GiB, but is silent for as long as it copies, and within a
 * region was seen to copy 70 MB a second, so that such a one would pass for a connection that has died.
 */
export const LARGEST_COPY = 512 * 1024 ** 2;

/** Bytes of all user metadata of an object, names and values. Source: Amazon S3 User Guide, "Working with object metadata". */
const LARGEST_METADATA = 2 * 1024;

/** The original's ETag, kept with its copy: copies of large or encrypted objects have ETags of their own. */
const MARK = 'imgvar-source-etag';

/** What a copy is asked to be, for one request or for many parts. */
export interface CopyOrder {
  /** The original, as S3 wants it named: `bucket/key`, percent-encoded. */
  readonly CopySource: string;
  /** A copy of other content than was looked at is refused. */
  readonly CopySourceIfMatch: string;
  readonly Bucket: string;
  readonly Key: string;
  /** The copy is refused if somebody else has written one meanwhile. */
  readonly condition: { readonly IfMatch: string } | { readonly IfNoneMatch: '*' };
  /** The headers and the metadata of the original, and the mark. */
  readonly kept: ReturnType<typeof keptOf>;
}

export interface CopierOptions {
  /** What is larger is copied in parts, in bytes. Default LARGEST_COPY; smaller in tests. */
  readonly largest?: number;
  /** Whether a copy keeps of what it was made. Default true; what is brought back is to be as it was. */
  readonly marks?: boolean;
}

interface S3Source extends CopySource {
  readonly head: Head;
}

/**
 * Copies from bucket to bucket, on S3's side. Headers, metadata and tags stay with the content; what belongs to a
 * bucket does not: ACL, storage class, encryption.
 *
 */
export function s3Copier(from: Place, to: Place, { largest = LARGEST_COPY, marks = true }: CopierOptions = {}): Copier<S3Source> {
  return {
    get requests() {
      return addRequests(from.requests.counts, to.requests.counts);
    },

    async source(key) {
      const head = await headOf(from, key);
      const madeFrom = head && markOf(head);
      return head === undefined ? undefined : { original: objectIn(key, head), head, ...(madeFrom === undefined ? {} : { madeFrom }) };
    },

    async existing(key) {
      const head = await headOf(to, key);
      return head === undefined ? undefined : copyIn(head);
    },

    async copy({ original, head }, existing) {
      const { key, etag, size } = original;
      const order: CopyOrder = {
        CopySource: `${from.bucket}/${objectKey(from.prefix, key).split('/').map(encodeURIComponent).join('/')}`,
        CopySourceIfMatch: `"${etag}"`,
        Bucket: to.bucket,
        Key: objectKey(to.prefix, key),
        condition: existing === undefined ? { IfNoneMatch: '*' } : { IfMatch: `"${existing.etag}"` },
        kept: keptOf(head, marks ? etag : undefined),
      };
      // S3 itself takes over what cannot be sent, and all else with it: there is no room for a mark then.
      const isMarkable = size > largest || isSendable(head);
      try {
        if (size > largest) await copyInParts(to, order, { size, tags: await tagsOf(from, key, head) }, largest);
        else await copyAtOnce(to, order, isMarkable ? 'REPLACE' : 'COPY');
      } catch (error) {
        const status = error instanceof RequestFailed ? error.trouble.status : undefined;
        // The original was replaced or removed, or another copy was made: whoever looks again sees which.
        if (status === 412 || status === 404) return 'overtaken';
        throw failedAs(error, (trouble) => failureOf(trouble, 'write-failed'));
      }
      return isMarkable && order.kept.Metadata[MARK] !== undefined ? 'copied' : 'unmarked';
    },

    async isSame(key) {
      const [one, other] = await Promise.all([hashOf(from, key), hashOf(to, key)]);
      return one !== undefined && one === other;
    },
  };
}

/** Of the whole content, which is never held as a whole; undefined where there is none. @throws Failure */
async function hashOf({ bucket, prefix, requests, silence, payer }: Place, key: string): Promise<string | undefined> {
  const command = { Bucket: bucket, Key: objectKey(prefix, key), ...payer };
  try {
    return await requests.send('get', async (client) => {
      const { Body } = await client.send(new GetObjectCommand(command));
      const hash = createHash('sha256');
      for await (const chunk of bodyOf(Body as Readable, silence)) hash.update(chunk);
      return hash.digest('hex');
    });
  } catch (error) {
    if (error instanceof RequestFailed && error.trouble.status === 404) return undefined;
    throw failedAs(error, (trouble) => failureOf(trouble, 'read-failed'));
  }
}

/** @param directive whether headers and metadata are those of the order, or S3 copies the original's as they are */
async function copyAtOnce(to: Place, { condition, kept, ...order }: CopyOrder, directive: 'REPLACE' | 'COPY'): Promise<void> {
  const command = { ...order, ...condition, ...(directive === 'REPLACE' ? kept : {}), MetadataDirective: directive, ...to.payer };
  await to.requests.send('put', (client) => client.send(new CopyObjectCommand(command)));
}

function objectIn(key: string, head: Head): StoredObject {
  return objectOf(key, head.ContentLength ?? 0, head);
}

function copyIn(head: Head): Copy {
  const { size, etag } = objectIn('', head);
  return { size, etag, sourceEtag: markOf(head) ?? etag };
}

/**
 * A copy that has our mark was sent with all of its headers. Where one of them cannot be sent, S3 took over whatever the
 * original had; a mark among that is its uploader's, and may name any content.
 */
function markOf(head: Head): string | undefined {
  return isSendable(head) ? head.Metadata?.[MARK] : undefined;
}

/** S3 drops all of these from a copy that is given metadata. The mark is left out where there is no room for it, and what cannot be sent. */
function keptOf(head: Head, etag: string | undefined) {
  const expires = new Date(head.ExpiresString ?? NaN);
  const own = Object.fromEntries(Object.entries(head.Metadata ?? {}).filter(([name, value]) => name !== MARK && SENDABLE.test(value)));
  const marked: Record<string, string> = etag === undefined ? own : { ...own, [MARK]: etag };
  const bytes = Object.entries(marked).reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  const sendable = (value: string | undefined) => (value !== undefined && SENDABLE.test(value) ? value : undefined);
  return {
    CacheControl: sendable(head.CacheControl),
    ContentDisposition: sendable(head.ContentDisposition),
    ContentEncoding: sendable(head.ContentEncoding),
    ContentLanguage: sendable(head.ContentLanguage),
    ContentType: sendable(head.ContentType),
    ...(Number.isNaN(expires.getTime()) ? {} : { Expires: expires }),
    Metadata: bytes > LARGEST_METADATA ? own : marked,
  };
}

/** The SDK signs the UTF-8 of a header and Node sends its Latin-1: of what is not ASCII S3 says that the signature is wrong. */
const SENDABLE = /^[\x20-\x7e]*$/;

/** Whether all headers and metadata of an original can be sent with its copy. */
function isSendable({ CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType, Metadata = {} }: Head): boolean {
  const values = [CacheControl, ContentDisposition, ContentEncoding, ContentLanguage, ContentType, ...Object.values(Metadata)];
  return values.every((value) => value === undefined || SENDABLE.test(value));
}

/** As a query string; CopyObject brings them along by itself, parts do not. */
async function tagsOf({ bucket, prefix, requests, payer }: Place, key: string, head: Head): Promise<string> {
  if ((head.TagCount ?? 0) === 0) return '';
  const command = { Bucket: bucket, Key: objectKey(prefix, key), ...payer };
  const { TagSet = [] } = await requests.send('get', (client) => client.send(new GetObjectTaggingCommand(command)));
  return new URLSearchParams(TagSet.map(({ Key = '', Value = '' }): [string, string] => [Key, Value])).toString();
}
