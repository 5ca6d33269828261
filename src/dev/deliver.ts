import type { IncomingMessage, ServerResponse } from 'node:http';
import { identify } from '../image/identify.js';
import { Failure } from '../model/failure.js';
import type { StoredObject } from '../model/original.js';
import type { Place } from './places.js';

/** Bytes that Node reads into memory at once. */
const LARGEST = 2 ** 31 - 1;

/** Originals are what strangers uploaded: shown as images, never run as pages or scripts. As the distribution has them. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

/**
 * Answers GET and HEAD with an object. Where its spec says nothing else, it is asked for again each time: it may be made
 * anew in a moment.
 */
export async function deliver(request: IncomingMessage, response: ServerResponse, place: Place | undefined): Promise<void> {
  if (place === undefined) return notFound(response);
  const { store, key } = place;
  const known = request.headers['if-none-match'];
  const now = known === undefined ? undefined : await orAbsent(store.stat(key));
  if (now !== undefined && now.etag === known) {
    response.writeHead(304, headersOf(now, place)).end();
    return;
  }
  const found = await orAbsent(store.read(key, LARGEST));
  if (found === undefined) return notFound(response);
  const { bytes, object } = found;
  response.writeHead(200, { ...headersOf(object, place), 'content-type': contentType(bytes), 'content-length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** It may be there in a moment, so this is not kept. */
export function notFound(response: ServerResponse): void {
  answer(response, 404, 'Not found.');
}

/** A few words. */
export function answer(response: ServerResponse, status: number, text: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(`${text}\n`);
}

function headersOf({ etag, lastModified }: StoredObject, { cacheControl }: Place) {
  return { ...HEADERS, etag, 'last-modified': new Date(lastModified).toUTCString(), 'cache-control': cacheControl ?? 'no-cache' };
}

/** What may not be read is not there, as the distribution has it. */
async function orAbsent<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof Failure && ['original-missing', 'invalid-key', 'access-denied'].includes(error.code)) return undefined;
    throw error;
  }
}

/** By the content: a folder keeps no headers, and a name may say anything. */
function contentType(bytes: Buffer): string {
  try {
    const format = identify(bytes, ['svg']);
    return format === 'svg' ? 'image/svg+xml' : `image/${format}`;
  } catch {
    return 'application/octet-stream';
  }
}
