import { ListObjectsV2Command, type ListObjectsV2CommandInput, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { UserError } from '../model/user-error.js';
import { bodyOf } from './s3-body.js';

/** What is of interest of one object in a listing, as the answer has it. */
export interface Entry {
  readonly Key?: string | undefined;
  readonly Size?: number | undefined;
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly StorageClass?: string | undefined;
}

/** One answer to ListObjectsV2. */
export interface ListPage {
  readonly Contents?: readonly Entry[] | undefined;
  readonly EncodingType?: string | undefined;
  /** Whether there is more. */
  readonly IsTruncated?: boolean | undefined;
  readonly NextContinuationToken?: string | undefined;
}

/**
 * Asks for one page. The SDK needs 15 ms to 20 ms of CPU for the XML of a full one, which is all that bounds a listing by
 * many requests at a time. So usual answers are read here, in a tenth of it; the SDK reads those that are not, and errors.
 *
 * @param silence how long a connection may be silent, in seconds
 * @throws an error that may pass for an answer that is no listing, as a proxy or a store that starts may give it
 */
export async function listPage(client: S3Client, input: ListObjectsV2CommandInput, silence: number): Promise<ListPage> {
  const command = new ListObjectsV2Command(input);
  let page: ListPage | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode?: number; body?: unknown };
      if (response.statusCode !== 200 || !(response.body instanceof Readable)) return result;
      const body = await wholeOf(response.body, silence);
      page = parsePage(body.toString());
      response.body = Readable.from([page === undefined ? body : NOTHING]);
      return result;
    },
    // Innermost: before the SDK reads the answer.
    { name: 'imgvarListPage', step: 'deserialize', priority: 'low' },
  );
  const output = await client.send(command);
  return page ?? checked(output);
}

/** The SDK takes an empty body, and any other well-formed XML, for a listing of nothing; a real one of nothing says so. */
function checked(output: ListObjectsV2CommandOutput): ListPage {
  const { IsTruncated, Name, KeyCount, Contents } = output;
  if ([IsTruncated, Name, KeyCount, Contents].every((said) => said === undefined)) {
    throw Object.assign(new Error('the answer is no listing'), { code: 'NotAListing' });
  }
  return output;
}

/**
 * What the next page is asked for by; undefined after the last one.
 *
 * @param location as a person writes it
 * @throws UserError where there is more and no way to come to it: a store that speaks version 1 alone says so
 */
export function nextToken({ IsTruncated, NextContinuationToken }: ListPage, location: string): string | undefined {
  if (NextContinuationToken) return NextContinuationToken;
  if (IsTruncated !== true) return undefined;
  throw new UserError(
    'location-unreadable',
    `${location} cannot be listed to its end: its provider says that there is more, but not how to go on; imgvar needs one that knows ListObjectsV2.`,
  );
}

async function wholeOf(body: Readable, silence: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bodyOf(body, silence)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const NOTHING = Buffer.from('<ListBucketResult/>');

/** Undefined for what is not exactly as S3 writes it: then it is for a real parser. */
export function parsePage(xml: string): ListPage | undefined {
  if (!xml.trimEnd().endsWith('</ListBucketResult>') || xml.includes('<!')) return undefined;
  const entries: Entry[] = [];
  for (let start = xml.indexOf(OPEN); start !== -1; ) {
    const end = xml.indexOf(CLOSE, start);
    if (end === -1) return undefined;
    const entry = xml.slice(start + OPEN.length, end);
    const [key, size, etag, time] = [textIn(entry, 'Key'), textIn(entry, 'Size'), textIn(entry, 'ETag'), textIn(entry, 'LastModified')];
    if (key === undefined || size === undefined || !/^\d+$/.test(size)) return undefined;
    const lastModified = time === undefined ? undefined : new Date(time);
    if (Number.isNaN(lastModified?.getTime())) return undefined;
    entries.push({ Key: key, Size: Number(size), ETag: etag, LastModified: lastModified, StorageClass: textIn(entry, 'StorageClass') });
    start = xml.indexOf(OPEN, end);
  }
  // Other ways of writing it, such as with a namespace's prefix, look empty.
  if (entries.length === 0) return undefined;
  return {
    Contents: entries,
    EncodingType: textIn(xml, 'EncodingType'),
    IsTruncated: textIn(xml, 'IsTruncated') === 'true',
    NextContinuationToken: textIn(xml, 'NextContinuationToken'),
  };
}

const OPEN = '<Contents>';
const CLOSE = '</Contents>';

function textIn(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`);
  if (start === -1) return undefined;
  const end = xml.indexOf('<', start + 1);
  const text = xml.slice(start + name.length + 2, end);
  return text.includes('&') ? text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi, unescaped) : text;
}

function unescaped(_: string, hex: string | undefined, decimal: string | undefined, name: string): string {
  if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
  if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
  return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name.toLowerCase()] ?? '';
}
