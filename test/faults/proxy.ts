import { Agent, createServer, request as requestOf, type IncomingMessage } from 'node:http';
import { answerFault, isOfAnswer } from '../s3/faults.js';
import { bodyOf, kindOf, noCounts, parse, send, type Answer, type Before, type Counts } from '../s3/request.js';
import { listen } from '../s3/server.js';

/** What stands between imgvar and a real store, and lets things go wrong. */
export interface Proxy {
  readonly url: string;
  /** Requests that came, also those that went wrong. */
  readonly counts: Counts;
  close(): void;
}

/** Requests go on as they came, so that their signatures hold; `before` says what goes wrong with which. */
export async function startProxy(target: string, before: Before): Promise<Proxy> {
  const counts = noCounts();
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let count = 0;
  const server = createServer(async (incoming, response) => {
    const request = parse(incoming, count++);
    counts[kindOf(request)] += 1;
    try {
      const fault = await before(request);
      const body = await bodyOf(incoming);
      const reaches = fault === undefined || fault.after === true || isOfAnswer(fault);
      const answer = reaches ? await forward(target, agent, incoming, body) : undefined;
      if (fault === undefined && answer !== undefined) send(response, request, answer);
      else if (fault !== undefined) answerFault(response, fault, answer);
    } catch {
      // The store is gone, or the client is: its connection ends as it would without us.
      response.socket?.resetAndDestroy();
    }
  });
  server.keepAliveTimeout = 60_000;
  const port = await listen(server, 0);
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

function forward(target: string, agent: Agent, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onward = requestOf(new URL(url ?? '/', target), { agent, method, path: url, headers }, (answer) => {
      bodyOf(answer).then((content) => resolve({ status: answer.statusCode ?? 502, headers: headersOf(answer), body: content }), reject);
    });
    onward.on('error', reject);
    onward.end(body);
  });
}

/** Those of the store's answer, but for how its own connection is used. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const texts = Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(texts.filter(([name]) => name !== 'connection' && name !== 'transfer-encoding' && name !== 'keep-alive'));
}
