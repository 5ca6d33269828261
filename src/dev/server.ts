import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Failure } from '../model/failure.js';
import { UserError } from '../model/user-error.js';
import { answer, deliver } from './deliver.js';
import type { Page } from './page.js';
import { placeOf, type Places } from './places.js';
import { receive, type Receiving } from './receive.js';
import { isForThisMachine, isFromThisServer } from './trusted.js';

export interface Answers extends Receiving {
  readonly places: Places;
  readonly page: Page;
  /** Takes in a page that wants to be told what happens. */
  readonly onListener: (response: ServerResponse) => Promise<void>;
  /** A request ended in a bug. */
  readonly onError: (error: unknown) => void;
}

/** Nobody else reaches it. */
const HOST = '127.0.0.1';

/**
 * The delivery server, with the page and the uploads beside it.
 * @param port 0: any that is free
 * @throws UserError `port-taken`
 */
export async function listen(port: number, answers: Answers): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => {
    // A visitor who goes away is nobody's trouble.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    respond(request, response, answers).catch((error: unknown) => {
      if (request.errored !== null || response.destroyed) return;
      if (!(error instanceof Failure)) answers.onError(error);
      if (response.headersSent) response.destroy();
      else answer(response, 500, error instanceof Failure ? error.message : 'A bug in imgvar.');
    });
  });
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new UserError('port-taken', `Port ${port} cannot be had (${code}); give another one with --port, or --port 0 for any that is free.`);
  }
  return { server, url: `http://${HOST}:${(server.address() as AddressInfo).port}/` };
}

async function respond(request: IncomingMessage, response: ServerResponse, answers: Answers): Promise<void> {
  const { method = '', url = '' } = request;
  if (!isForThisMachine(request)) return answer(response, 403, 'Only localhost is answered here.');
  if (method === 'PUT') {
    if (!isFromThisServer(request)) return answer(response, 403, 'Uploads from pages of other origins are refused.');
    return receive(request, response, answers);
  }
  if (method !== 'GET' && method !== 'HEAD') return answer(response, 405, `${method} is not for here.`, { allow: 'GET, HEAD, PUT' });
  if (url === '/' || url.startsWith('/?')) return answers.page.show(response);
  if (url === '/events' && method === 'GET') return answers.onListener(response);
  return deliver(request, response, placeOf(url, answers.places));
}
