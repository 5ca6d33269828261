import { listXml } from './xml.js';

/**
 * Keys in UTF-8 byte order, which may be made when they are asked for.
 *
 * @typedef {{ readonly length: number, readonly at: (index: number) => string }} KeySequence
 *
 * @typedef {import('./server.js').StoredBytes} StoredBytes
 */

/**
 * One page, as ListObjectsV2 gives it. Its start is found by halving, so that a page costs the same in any bucket.
 *
 * @param {KeySequence} keys
 * @param {(key: string) => StoredBytes} objectOf
 * @param {URLSearchParams} query
 */
export function listSequence(keys, objectOf, query) {
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const after = token === null ? Buffer.from(query.get('start-after') ?? '') : Buffer.from(token, 'base64url');
  const most = Math.min(1000, Number(query.get('max-keys') ?? 1000));
  const start = Buffer.from(prefix);
  const page = [];
  let index = firstWhere(keys, (key) => Buffer.compare(key, start) >= 0 && Buffer.compare(key, after) > 0);
  for (; index < keys.length && page.length < most && keys.at(index).startsWith(prefix); index++) page.push(keys.at(index));
  const last = page.at(-1);
  const isTruncated = last !== undefined && index < keys.length && keys.at(index).startsWith(prefix);
  const next = isTruncated ? Buffer.from(last).toString('base64url') : undefined;
  return listXml(page.map((key) => ({ key, object: objectOf(key) })), next, query.get('encoding-type') === 'url');
}

/**
 * The index of the first key for which this is true; once it is, it stays so.
 *
 * @param {KeySequence} keys
 * @param {(key: Buffer) => boolean} holds
 */
function firstWhere(keys, holds) {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(Buffer.from(keys.at(middle)))) high = middle;
    else low = middle + 1;
  }
  return low;
}
