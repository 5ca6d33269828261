/**
 * What is about a bucket rather than what is in it: whether it is there, and its settings, which are kept as they come.
 */
import { errorXml, unescaped } from './xml.js';

/** @typedef {{ status: number, headers: Record<string, string>, body: Buffer }} Answer */

const OK = { status: 200, headers: {}, body: Buffer.alloc(0) };

/** Settings that are asked for before anybody made them. */
const EMPTY = /** @type {Record<string, string>} */ ({ notification: '<NotificationConfiguration></NotificationConfiguration>', versioning: '<VersioningConfiguration></VersioningConfiguration>' });

/** What no XML holds, also not as a reference. Source: XML 1.0, "Char". */
const NOT_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Quiet, as S3 is asked to be: only what could not be removed is told, and here everything can.
 * @param {Map<string, unknown>} objects
 * @param {string} body
 * @returns {Answer}
 */
function deleteMany(objects, body) {
  if (NOT_XML.test(unescaped(body))) return errorXml(400, 'MalformedXML', 'The XML you provided was not well-formed');
  for (const [, key = ''] of body.matchAll(/<Key>([^<]*)<\/Key>/g)) objects.delete(unescaped(key));
  return { ...OK, headers: { 'content-type': 'application/xml' }, body: Buffer.from('<DeleteResult></DeleteResult>') };
}

/**
 * @param {import('./server.js').S3Request} request without a key
 * @param {Buffer} body
 * @param {import('./server.js').S3Server['buckets']} buckets
 * @param {Map<string, string>} settings by `bucket?name`
 * @returns {Answer}
 */
export function handleBucket({ method, bucket, query }, body, buckets, settings) {
  const setting = [...query.keys()].find((name) => name !== 'x-id');
  if (method === 'PUT' && setting === undefined) {
    if (buckets.has(bucket)) return errorXml(409, 'BucketAlreadyOwnedByYou', bucket);
    buckets.set(bucket, new Map());
    return OK;
  }
  const objects = buckets.get(bucket);
  if (objects === undefined) return errorXml(404, 'NoSuchBucket', `no bucket ${bucket}`);
  if (method === 'HEAD') return OK;
  if (method === 'DELETE' && setting === undefined) {
    if (objects.size > 0) return errorXml(409, 'BucketNotEmpty', bucket);
    buckets.delete(bucket);
    return { ...OK, status: 204 };
  }
  if (method === 'POST' && setting === 'delete') return deleteMany(objects, body.toString());
  const name = `${bucket}?${setting}`;
  if (method === 'PUT') settings.set(name, body.toString());
  if (method === 'PUT') return OK;
  const kept = settings.get(name) ?? EMPTY[setting ?? ''];
  return kept === undefined ? errorXml(404, 'NoSuchConfiguration', name) : { ...OK, body: Buffer.from(kept) };
}
