import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { deployedFunction } from '../../src/engine/lambda-client.js';
import type { Invocation } from '../../src/engine/lambda-invocation.js';
import { troubleWith } from '../../src/engine/lambda-trouble.js';
import { answered, jobOf, runOver } from './scripted-function.js';

/** An error of Node's or of the SDK's, as these give it its fields. */
function errorWith(fields: Readonly<Record<string, unknown>>, message = ''): Error {
  return Object.assign(new Error(message), fields);
}

const meaningOf = (error: unknown): Invocation => troubleWith(error, 'it', 'us-east-1');

describe('trouble on the way to Lambda', () => {
  test.each([
    ['unsent', 'ECONNREFUSED', {}],
    ['unsent', 'ETIMEDOUT', { name: 'TimeoutError', syscall: 'connect' }],
    ['lost', 'ETIMEDOUT', { name: 'TimeoutError', syscall: 'read' }],
    ['lost', 'ECONNRESET', { name: 'TimeoutError', syscall: 'read' }],
    ['lost', 'HPE_INVALID_CONSTANT', {}],
    ['lost', 'ERR_STREAM_PREMATURE_CLOSE', {}],
    ['lost', 'EPROTO', {}],
  ])('is %s where it is %s, %j', (kind, code, fields) => {
    expect(meaningOf(errorWith({ code, ...fields }))).toEqual({ kind, detail: code });
  });

  test('is unsent where none of several addresses could be connected to', () => {
    const each = errorWith({ code: 'ETIMEDOUT', syscall: 'connect' });
    expect(meaningOf(Object.assign(new AggregateError([each, each]), { code: 'ETIMEDOUT' }))).toEqual({ kind: 'unsent', detail: 'ETIMEDOUT' });
  });

  test.each(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID'])('is for a person to mend where it is %s', (code) => {
    expect(() => meaningOf(errorWith({ code }))).toThrow(expect.objectContaining({ name: 'UserError', code: 'endpoint-unreachable', message: expect.stringContaining(code) as string }));
  });

  test.each([new TypeError('x is undefined'), errorWith({ code: 'ERR_INVALID_ARG_TYPE' })])('is a bug where it is neither an answer nor the network: %s', (error) => {
    expect(() => meaningOf(error)).toThrow(error);
  });
});

describe('a connection that cannot be made', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test('as nobody takes it, is no invocation: it costs nothing, and is tried again', async () => {
    const unsent = await invokedAt(`http://127.0.0.1:${await fullListener()}`);
    expect(unsent).toEqual({ kind: 'unsent', detail: 'TimeoutError' });
    const { results, engine } = await runOver([jobOf('a')], (request, nth) => (nth <= 5 ? unsent : answered(request)));
    expect(results).toMatchObject([{ outcomes: [{ result: 'made' }] }]);
    expect(engine.invoked?.invocations).toBe(1);
  });

  test('as it is cut before it is secure, is no invocation', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    expect(await invokedAt(`https://127.0.0.1:${(server.address() as { port: number }).port}`)).toEqual({ kind: 'unsent', detail: 'ECONNRESET' });
  });
});

async function invokedAt(endpoint: string): Promise<Invocation> {
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', endpoint);
  const { invoke, close } = await deployedFunction({ name: 'it', region: 'us-east-1', elseRegion: 'us-east-1', profile: null, connections: 1, timeoutSeconds: 60 });
  onTestFinished(close);
  return invoke('{}');
}

/** Listens in a thread that does nothing else, so that nobody takes what is connected; and there is room for no more. @returns its port */
async function fullListener(): Promise<number> {
  const listener = new Worker(
    `const { parentPort } = require('node:worker_threads');
    const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`,
    { eval: true },
  );
  const [port] = (await once(listener, 'message')) as [number];
  const waiting = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  onTestFinished(async () => {
    for (const socket of waiting) socket.destroy();
    await listener.terminate();
  });
  await Promise.any(waiting.map((socket) => once(socket, 'connect')));
  return port;
}
