import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { errorXml } from '../s3/xml.js';

/**
 * Stands before a server that copies whatever is found at either end, as moto and Ceph do, and holds it to the conditions
 * that S3 keeps: `x-amz-copy-source-if-match`, `If-Match` and `If-None-Match`. One copy at a time, so that none comes
 * between the look and the copy.
 */
export async function keepConditions(url: string): Promise<{ url: string; close: () => void }> {
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const answer = (): Promise<void> => forward(url, request, body, response);
    if (request.headers['x-amz-copy-source'] === undefined) return void answer();
    last = last.then(async () => ((await isAllowed(url, request)) ? answer() : refuse(response))).catch(() => void response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function isAllowed(url: string, { url: path, headers }: IncomingMessage): Promise<boolean> {
  // Whose signature it is, moto looks at no closer.
  const signed = { authorization: headers.authorization ?? '' };
  const [target, source] = await Promise.all([etagOf(`${url}${path}`, signed), etagOf(`${url}/${String(headers['x-amz-copy-source'])}`, signed)]);
  if (headers['if-none-match'] === '*' && target !== undefined) return false;
  if (headers['if-match'] !== undefined && headers['if-match'] !== target) return false;
  return headers['x-amz-copy-source-if-match'] === source;
}

async function etagOf(address: string, headers: Record<string, string>): Promise<string | undefined> {
  const response = await fetch(address.replace(/\?.*$/, ''), { method: 'HEAD', headers });
  if (!response.ok && response.status !== 404) throw new Error(`HTTP ${response.status}`);
  return response.ok ? (response.headers.get('etag') ?? undefined) : undefined;
}

/** Byte for byte, with the headers as they came. It goes on though the client has gone, as a request that S3 has does. */
function forward(url: string, { method, url: path, headers }: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const onward = send(`${url}${path}`, { method, headers: { ...headers, connection: 'close' } }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
      answer.on('end', resolve);
    });
    onward.on('error', reject);
    onward.end(body);
  });
}

function refuse(response: ServerResponse): void {
  const { status, headers, body } = errorXml(412, 'PreconditionFailed', 'as S3 would');
  response.writeHead(status, headers).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
