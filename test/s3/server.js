/**
 * A small S3 in memory, for tests: buckets, sorted listings in pages, conditional writes, and hooks for everything that
 * goes wrong. It keeps the very contract that real servers are held to (npm run test:servers). Signatures are not checked,
 * but where they are sure to be wrong.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { handleBucket } from './bucket.js';
import { answerFault, isOfAnswer } from './faults.js';
import { listSequence } from './listing.js';
import { bodyOf, kindOf, noCounts, parse, send } from './request.js';
import { errorXml } from './xml.js';

/**
 * @typedef {{ bytes: Buffer, etag: string, lastModified: Date, headers: Record<string, string> }} StoredBytes
 * @typedef {import('./request.js').S3Request} S3Request
 * @typedef {import('./request.js').Answer} Answer
 * @typedef {import('./request.js').Counts} Counts
 * @typedef {import('./request.js').Before} Before
 * @typedef {import('./faults.js').Fault} Fault
 * @typedef {import('./listing.js').KeySequence} KeySequence
 *
 * @typedef {object} Options
 * @property {readonly string[]} buckets
 * @property {Before} [before]
 * @property {number} [clock] How far its clock is ahead of this machine's, in milliseconds; 0 by default.
 * @property {boolean} [ignoresConditions] Whether conditional writes are written whatever is there.
 * @property {Readonly<Record<string, string>>} [regions] Where buckets are that are not in us-east-1.
 * @property {number} [delay] How long every listing waits before it is answered, in milliseconds; 0 by default.
 * @property {boolean} [encrypts] Whether ETags say nothing of the content and are new with every write, as where KMS encrypts it.
 * @property {boolean} [withoutTokens] Whether listings say that there is more and not how to go on, as by version 1 of their protocol.
 * @property {Readonly<Record<string, KeySequence>>} [listed] Further buckets, for listing alone, whose keys are made when
 *   they are asked for: so a million of them need no memory.
 *
 * @typedef {{ clock: number, encrypts: boolean }} Writing How objects are written; as in Options.
 *
 * @typedef {object} S3Server
 * @property {string} url
 * @property {Map<string, Map<string, StoredBytes>>} buckets
 * @property {Map<string, string>} settings Of buckets, by `bucket?policy` and the like, as they came.
 * @property {Counts} counts Requests that came, also those that went wrong.
 * @property {(bucket: string, key: string, bytes: Uint8Array) => void} put As another program would.
 * @property {(bucket: string, key: string) => void} remove
 * @property {() => Promise<void>} close As if it were killed.
 * @property {() => Promise<void>} reopen At the same address, with all that it held.
 */

/**
 * @param {Options} options
 * @returns {Promise<S3Server>}
 */
export async function startS3({ buckets: names, before, ignoresConditions = false, regions = {}, delay = 0, listed = {}, clock = 0, encrypts = false, withoutTokens = false }) {
  /** @type {S3Server['buckets']} */
  const buckets = new Map(names.map((name) => [name, new Map()]));
  /** @type {Map<string, string>} */
  const settings = new Map();
  const counts = noCounts();
  let count = 0;

  /** @type {(request: S3Request, body: Buffer) => Answer} */
  const answerTo = (request, body) => {
    const sequence = listed[request.bucket];
    if (request.key === '' && (request.method !== 'GET' || !isListing(request.query))) {
      const answer = handleBucket(request, body, buckets, settings);
      // Their number alone would tell of it too late.
      if (request.method === 'POST') sorted.delete(bucketOf(buckets, request.bucket));
      return answer;
    }
    if (sequence === undefined) return handle(request, body, buckets, { ignoresConditions, clock, encrypts });
    return kindOf(request) === 'list' ? listSequence(sequence, () => GENERATED, request.query) : errorXml(405, 'MethodNotAllowed', 'for listing alone');
  };

  const server = createServer(async (incoming, response) => {
    try {
      const request = parse(incoming, count++);
      response.setHeader('date', new Date(Date.now() + clock).toUTCString());
      counts[kindOf(request)] += 1;
      const fault = await before?.(request);
      if (delay > 0 && kindOf(request) === 'list') await sleep(delay);
      const body = await bodyOf(incoming);
      if (fault === undefined || fault.after === true) {
        const whole = signatureTrouble(request) ?? regionTrouble(request, regions) ?? answerTo(request, body);
        const answer = withoutTokens && kindOf(request) === 'list' ? withoutToken(whole) : whole;
        if (fault === undefined) return void send(response, request, answer);
        return void answerFault(response, fault, answer);
      }
      answerFault(response, fault, isOfAnswer(fault) ? answerTo(request, body) : undefined);
    } catch (error) {
      send(response, { method: 'GET' }, errorXml(500, 'InternalError', String(error)));
    }
  });
  server.keepAliveTimeout = 60_000;
  const port = await listen(server, 0);

  return {
    url: `http://127.0.0.1:${port}`,
    buckets,
    settings,
    counts,
    put: (bucket, key, bytes) => void store(bucketOf(buckets, bucket), key, Buffer.from(bytes), {}, { clock, encrypts }),
    remove(bucket, key) {
      const objects = bucketOf(buckets, bucket);
      objects.delete(key);
      sorted.delete(objects);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    reopen: async () => void (await listen(server, port)),
  };
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port 0: any that is free
 * @returns {Promise<number>} the port
 */
export async function listen(server, port) {
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return address.port;
}

/** @param {URLSearchParams} query */
function isListing(query) {
  return query.has('list-type') || query.size === 0;
}

/** @param {Answer} listing @returns {Answer} */
function withoutToken(listing) {
  return { ...listing, body: Buffer.from(listing.body.toString().replace(/<NextContinuationToken>[^<]*<\/NextContinuationToken>/, '')) };
}

/** What stands behind every key that is made when it is asked for. @type {StoredBytes} */
const GENERATED = { bytes: Buffer.from('generated'), etag: '"9ab41cde0a9cd2e4d1d2c1a0c5b8f5d7"', lastModified: new Date('2024-05-17T12:00:00Z'), headers: {} };

/**
 * @param {S3Request} request
 * @param {Buffer} body
 * @param {S3Server['buckets']} buckets
 * @param {{ ignoresConditions: boolean } & Writing} options
 * @returns {Answer}
 */
function handle({ method, bucket, key, query, headers }, body, buckets, { ignoresConditions, ...writing }) {
  const objects = buckets.get(bucket);
  if (objects === undefined) return errorXml(404, 'NoSuchBucket', `no bucket ${bucket}`);
  if (key === '') return list(objects, query);
  const object = objects.get(key);
  if (method === 'PUT') {
    const refused = ignoresConditions ? undefined : writeCondition(headers, object);
    if (refused !== undefined) return refused;
    if (headers['x-amz-copy-source'] !== undefined) return copy(objects, key, headers, buckets, writing);
    if (Buffer.byteLength(key) > 1024) return errorXml(400, 'KeyTooLongError', 'at most 1024 bytes');
    const stored = store(objects, key, decoded(body, headers), kept(headers), writing);
    return { status: 200, headers: { etag: stored.etag }, body: Buffer.alloc(0) };
  }
  if (method === 'DELETE') {
    objects.delete(key);
    sorted.delete(objects);
    return { status: 204, headers: {}, body: Buffer.alloc(0) };
  }
  if (method !== 'GET' && method !== 'HEAD') return errorXml(405, 'MethodNotAllowed', method);
  if (object === undefined) return errorXml(404, 'NoSuchKey', 'no such key');
  if (headers['if-match'] !== undefined && headers['if-match'] !== object.etag) return errorXml(412, 'PreconditionFailed', 'If-Match');
  const described = { ...object.headers, etag: object.etag, 'last-modified': object.lastModified.toUTCString() };
  return { status: 200, headers: { ...described, 'content-length': String(object.bytes.length) }, body: object.bytes };
}

/**
 * @param {Map<string, StoredBytes>} objects
 * @param {string} key
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {S3Server['buckets']} buckets
 * @param {Writing} writing
 * @returns {Answer}
 */
function copy(objects, key, headers, buckets, writing) {
  const [, bucket = '', from = ''] = /^\/?([^/]*)\/(.*)$/s.exec(decodeURIComponent(String(headers['x-amz-copy-source']))) ?? [];
  const source = buckets.get(bucket)?.get(from);
  if (source === undefined) return errorXml(404, 'NoSuchKey', 'no such source');
  const match = headers['x-amz-copy-source-if-match'];
  if (match !== undefined && match !== source.etag) return errorXml(412, 'PreconditionFailed', 'x-amz-copy-source-if-match');
  const replaces = headers['x-amz-metadata-directive'] === 'REPLACE';
  const { etag, lastModified } = store(objects, key, source.bytes, replaces ? kept(headers) : source.headers, writing);
  const body = `<CopyObjectResult><LastModified>${lastModified.toISOString()}</LastModified><ETag>${etag}</ETag></CopyObjectResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) };
}

/**
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {StoredBytes | undefined} object
 */
function writeCondition(headers, object) {
  const match = headers['if-match'];
  if (headers['if-none-match'] === '*' && object !== undefined) return errorXml(412, 'PreconditionFailed', 'If-None-Match');
  if (match !== undefined && object === undefined) return errorXml(404, 'NoSuchKey', 'If-Match');
  if (match !== undefined && match !== object?.etag) return errorXml(412, 'PreconditionFailed', 'If-Match');
  return undefined;
}

/**
 * @param {Map<string, StoredBytes>} objects
 * @param {URLSearchParams} query
 */
function list(objects, query) {
  const keys = sortedKeys(objects);
  return listSequence({ length: keys.length, at: (i) => keys[i] ?? '' }, (key) => /** @type {StoredBytes} */ (objects.get(key)), query);
}

/** @type {WeakMap<Map<string, StoredBytes>, { size: number, keys: string[] }>} */
const sorted = new WeakMap();

/** Their number tells of a new one. @param {Map<string, StoredBytes>} objects */
function sortedKeys(objects) {
  const known = sorted.get(objects);
  if (known?.size === objects.size) return known.keys;
  const keys = [...objects.keys()].map((key) => Buffer.from(key)).sort(Buffer.compare).map(String);
  sorted.set(objects, { size: objects.size, keys });
  return keys;
}

/**
 * @param {Map<string, StoredBytes>} objects
 * @param {string} key
 * @param {Buffer} bytes
 * @param {Record<string, string>} headers
 * @param {Writing} writing
 */
function store(objects, key, bytes, headers, { clock, encrypts }) {
  const etag = `"${encrypts ? randomBytes(16).toString('hex') : createHash('md5').update(bytes).digest('hex')}"`;
  // Whole seconds, as S3 has them.
  const lastModified = new Date(Math.floor((Date.now() + clock) / 1000) * 1000);
  const stored = { bytes, etag, lastModified, headers };
  objects.set(key, stored);
  return stored;
}

/**
 * @param {S3Server['buckets']} buckets
 * @param {string} name
 */
function bucketOf(buckets, name) {
  const objects = buckets.get(name);
  if (objects === undefined) throw new Error(`no bucket ${name}`);
  return objects;
}

/**
 * The headers that come back with the object.
 * @param {import('node:http').IncomingHttpHeaders} headers
 */
function kept(headers) {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && /^(content-(type|encoding|disposition|language)|cache-control|expires|x-amz-meta-.+)$/.test(name) ? [[name, value]] : [],
    ),
  );
}

/**
 * A body in chunks with signatures between them, as streams are sent; others are sent as they are.
 * @param {Buffer} body
 * @param {import('node:http').IncomingHttpHeaders} headers
 */
function decoded(body, headers) {
  if (!String(headers['content-encoding'] ?? '').includes('aws-chunked')) return body;
  throw new Error('streams are not taken: send buffers');
}

/**
 * @param {S3Request} request
 * @param {Readonly<Record<string, string>>} regions
 */
function regionTrouble({ bucket, headers }, regions) {
  const region = regions[bucket] ?? 'us-east-1';
  const [, , signedFor = region] = /Credential=([^,]*)/.exec(headers.authorization ?? '')?.[1]?.split('/') ?? [];
  if (signedFor === region || regions[bucket] === undefined) return undefined;
  const answer = errorXml(301, 'PermanentRedirect', 'another region');
  return { ...answer, headers: { ...answer.headers, 'x-amz-bucket-region': region } };
}

/** The SDK signs the UTF-8 of a header, and Node sends it as Latin-1: what is not ASCII comes with a signature of something else. @param {S3Request} request */
function signatureTrouble({ headers }) {
  const signed = /SignedHeaders=([^,]*)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const isAscii = signed.every((name) => /^[\x20-\x7e]*$/.test(String(headers[name] ?? '')));
  return isAscii ? undefined : errorXml(403, 'SignatureDoesNotMatch', 'a header that is not ASCII');
}
