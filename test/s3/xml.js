/** @typedef {import('./server.js').StoredBytes} StoredBytes */

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 */
export function errorXml(status, code, message) {
  const body = `${HEAD}<Error><Code>${code}</Code><Message>${escaped(message)}</Message><RequestId>0</RequestId></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) };
}

/**
 * @param {readonly { key: string, object: StoredBytes }[]} page
 * @param {string | undefined} next
 * @param {boolean} inUrls whether keys are percent-encoded
 */
export function listXml(page, next, inUrls) {
  const entries = page.map(
    ({ key, object: { bytes, etag, lastModified, headers } }) =>
      `<Contents><Key>${escaped(inUrls ? encoded(key) : key)}</Key><LastModified>${lastModified.toISOString()}</LastModified>` +
      `<ETag>${escaped(etag)}</ETag><Size>${bytes.length}</Size><StorageClass>${headers['x-amz-storage-class'] ?? 'STANDARD'}</StorageClass></Contents>`,
  );
  const more = next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`;
  const how = inUrls ? '<EncodingType>url</EncodingType>' : '';
  const body = `${HEAD}<ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${how}${more}${entries.join('')}</ListBucketResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) };
}

/** As S3 does it: slashes stay, a space becomes a plus. @param {string} key */
function encoded(key) {
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** @param {string} text */
export function unescaped(text) {
  const characters = /** @type {Record<string, string>} */ ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" });
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
    return decimal !== undefined ? String.fromCodePoint(Number(decimal)) : (characters[name] ?? whole);
  });
}
