/**
 * A small Lambda on this machine, for tests: Invoke, synchronous and asynchronous, for functions that run in processes of
 * their own behind the Runtime API, with Lambda's limits: one invocation at a time in each environment, timeout, memory,
 * 6 MB, throttling, two retries and a dead-letter queue. Source: AWS Lambda API Reference, "Invoke".
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Environment } from './environment.js';
import { errorPayload, LARGEST_PAYLOAD } from './payload.js';

/**
 * @typedef {import('./environment.js').FunctionSettings} FunctionSettings
 * @typedef {import('./environment.js').Ended} Ended
 *
 * @typedef {object} LambdaServer
 * @property {string} url For AWS_ENDPOINT_URL_LAMBDA.
 * @property {(name: string, event: unknown) => Promise<Ended>} invoke
 * @property {(name: string, event: unknown) => void} deliver Asynchronously, as SNS does: at least once.
 * @property {(name?: string) => number} kill Every environment that is working now; says how many.
 * @property {() => Promise<void>} settled When nothing is on its way any more.
 * @property {{ name: string, event: unknown, error: string }[]} deadLetters
 * @property {string[]} logs Every line that functions wrote.
 * @property {{ invocations: number, throttled: number, errors: number }} counts
 * @property {() => Promise<void>} close
 */

/** The runtime that needs nothing but Node. */
export const PLAIN_RUNTIME = [process.execPath, fileURLToPath(new URL('plain-runtime.js', import.meta.url))];

/** Deliveries of an asynchronous event beyond the first. */
const RETRIES = 2;

/**
 * @param {Readonly<Record<string, FunctionSettings>>} functions by name
 * @param {{ retryDelay?: number, onInvoke?: (name: string, event: unknown) => void }} [options] before a retry, in
 *   milliseconds; 20 by default. Told of each invocation that begins.
 * @returns {Promise<LambdaServer>}
 */
export async function startLambda(functions, { retryDelay = 20, onInvoke } = {}) {
  /** @type {Environment[]} */
  let environments = [];
  /** @type {LambdaServer['deadLetters']} */
  const deadLetters = [];
  /** @type {string[]} */
  const logs = [];
  const counts = { invocations: 0, throttled: 0, errors: 0 };
  let underway = 0;

  /** An environment that is free, or a new one; none where the function has as many as it may. @param {string} name */
  const environmentOf = (name) => {
    const settings = functions[name];
    if (settings === undefined) throw new Error(`no function ${name}`);
    environments = environments.filter(({ alive }) => alive);
    const own = environments.filter((environment) => environment.name === name);
    const idle = own.find((environment) => environment.idle);
    if (idle !== undefined || own.length >= (settings.concurrency ?? 10)) return idle;
    const started = new Environment(name, settings);
    environments.push(started);
    return started;
  };

  /** @param {string} name @param {Buffer} payload @returns {Promise<Ended & { id: string } | undefined>} undefined: throttled */
  const run = async (name, payload) => {
    const environment = environmentOf(name);
    if (environment === undefined) {
      counts.throttled += 1;
      return undefined;
    }
    counts.invocations += 1;
    const id = randomUUID();
    onInvoke?.(name, JSON.parse(payload.toString()));
    const ended = await environment.invoke(id, payload);
    if (ended.error !== undefined) counts.errors += 1;
    logs.push(...ended.lines);
    return { ...ended, id };
  };

  /** @type {LambdaServer['deliver']} */
  const deliver = (name, event) => {
    underway += 1;
    const payload = Buffer.from(JSON.stringify(event));
    const attempts = async () => {
      for (let failures = 0; ; ) {
        const ended = await run(name, payload);
        if (ended !== undefined && ended.error === undefined) return;
        if (ended !== undefined && ++failures > RETRIES) return void deadLetters.push({ name, event, error: ended.payload.toString() });
        await sleep(retryDelay);
      }
    };
    attempts().finally(() => (underway -= 1));
  };

  const server = createServer(async (request, response) => {
    try {
      const body = await bodyOf(request);
      const [, given = ''] = /^\/2015-03-31\/functions\/([^/]+)\/invocations(\?|$)/.exec(request.url ?? '') ?? [];
      const name = decodeURIComponent(given).replace(/^.*:function:/, '').replace(/:.*$/, '');
      await answerInvoke(name, request.headers, body, response);
    } catch (error) {
      refuse(response, 500, 'ServiceException', String(error));
    }
  });

  /** @param {string} name @param {import('node:http').IncomingHttpHeaders} headers @param {Buffer} body @param {import('node:http').ServerResponse} response */
  const answerInvoke = async (name, headers, body, response) => {
    if (functions[name] === undefined) return refuse(response, 404, 'ResourceNotFoundException', `Function not found: ${name}`);
    const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (body.length > (type === 'Event' ? 1024 * 1024 : LARGEST_PAYLOAD)) return refuse(response, 413, 'RequestTooLargeException', 'the payload');
    if (type === 'DryRun') return void response.writeHead(204).end();
    if (type === 'Event') {
      deliver(name, JSON.parse(body.toString()));
      return void response.writeHead(202).end();
    }
    const ended = await run(name, body);
    if (ended === undefined) return refuse(response, 429, 'TooManyRequestsException', 'Rate Exceeded.', { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' });
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      'x-amzn-requestid': ended.id,
      ...(ended.error === undefined ? {} : { 'x-amz-function-error': ended.error }),
      ...(headers['x-amz-log-type'] === 'Tail' ? { 'x-amz-log-result': tailOf(ended, functions[name]?.memoryMB ?? 1769) } : {}),
    });
    response.end(ended.payload);
  };

  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no address');

  return {
    url: `http://127.0.0.1:${bound.port}`,
    deadLetters,
    logs,
    counts,
    deliver,
    async invoke(name, event) {
      const ended = await run(name, Buffer.from(JSON.stringify(event)));
      return ended ?? { payload: errorPayload('TooManyRequestsException', ''), error: 'Throttled', durationMs: 0, maxMemoryMB: 0, lines: [] };
    },
    kill(name) {
      const busy = environments.filter((environment) => environment.alive && !environment.idle && (name ?? environment.name) === environment.name);
      for (const environment of busy) environment.kill();
      return busy.length;
    },
    async settled() {
      while (underway > 0) await sleep(10);
    },
    close: () =>
      new Promise((resolve) => {
        for (const environment of environments) environment.kill();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The last 4 KB of the log, with the line by which an invocation is billed. @param {Ended & { id: string }} ended @param {number} memoryMB */
function tailOf({ id, lines, durationMs, initMs, maxMemoryMB, status }, memoryMB) {
  const report = [
    `REPORT RequestId: ${id}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${memoryMB} MB`,
    `Max Memory Used: ${Math.ceil(maxMemoryMB)} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...(status === undefined ? [] : [`Status: ${status}`]),
  ];
  const log = [`START RequestId: ${id} Version: $LATEST`, ...lines, `END RequestId: ${id}`, report.join('\t'), ''].join('\n');
  return Buffer.from(log).subarray(-4096).toString('base64');
}

/** @param {import('node:http').ServerResponse} response @param {number} status @param {string} type @param {string} message @param {object} [more] */
function refuse(response, status, type, message, more = {}) {
  response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
  response.end(JSON.stringify({ Type: status < 500 ? 'User' : 'Service', message, ...more }));
}

/** @param {import('node:http').IncomingMessage} incoming */
async function bodyOf(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(/** @type {Buffer} */ (chunk));
  return Buffer.concat(chunks);
}
