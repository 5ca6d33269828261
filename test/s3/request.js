/**
 * Requests to an S3 as they come, whoever answers them: the small S3 for tests, or a proxy in front of a real one.
 */

/**
 * @typedef {{ method: string, bucket: string, key: string, query: URLSearchParams, headers: import('node:http').IncomingHttpHeaders, count: number }} S3Request
 * @typedef {{ status: number, headers: Record<string, string>, body: Buffer }} Answer
 * @typedef {{ get: number, put: number, head: number, list: number, delete: number, other: number }} Counts
 * @typedef {import('./faults.js').Fault} Fault
 *
 * @typedef {(request: S3Request) => Fault | undefined | Promise<Fault | undefined>} Before What goes wrong with a request;
 *   called for each, before anything is done. `count` is how many came until then.
 */

/** @returns {Counts} */
export function noCounts() {
  return { get: 0, put: 0, head: 0, list: 0, delete: 0, other: 0 };
}

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @param {number} count
 * @returns {S3Request}
 */
export function parse({ method = 'GET', url = '/', headers }, count) {
  const [path = '', query = ''] = url.split('?', 2);
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { method, bucket: decodeURIComponent(bucket), key: decodeURIComponent(key), query: new URLSearchParams(query), headers, count };
}

/** @param {S3Request} request */
export function kindOf({ method, key, query }) {
  if (method === 'GET') return key === '' ? 'list' : 'get';
  if (method === 'PUT') return 'put';
  if (method === 'DELETE' || (method === 'POST' && query.has('delete'))) return 'delete';
  return method === 'HEAD' ? 'head' : 'other';
}

/** @param {import('node:http').IncomingMessage} incoming */
export async function bodyOf(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(/** @type {Buffer} */ (chunk));
  return Buffer.concat(chunks);
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {{ method: string }} request
 * @param {Answer} answer
 */
export function send(response, { method }, { status, headers, body }) {
  response.writeHead(status, { 'content-length': String(body.length), ...headers });
  response.end(method === 'HEAD' ? undefined : body);
}
