import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLambda, type LambdaServer } from './server.js';

/** What a handler does is in its event. */
const HANDLER = `
const held = [];
export async function handler(event, context) {
  if (event.log) process.stdout.write(event.log + '\\n');
  if (event.throws) throw new RangeError(event.throws);
  if (event.exits !== undefined) process.exit(event.exits);
  if (event.waits) await new Promise((resolve) => setTimeout(resolve, event.waits));
  while (event.hoards) held.push(Buffer.alloc(10e6, 1)) && await new Promise((resolve) => setTimeout(resolve, 5));
  if (event.bytes) return 'x'.repeat(event.bytes);
  return { left: context.getRemainingTimeInMillis(), name: context.functionName, pid: process.pid };
}
if (process.env.BROKEN) throw new Error('cannot start');
`;

/** A function's life as Lambda has it, with any runtime. @param runtime its program; called when the tests begin */
export function lambdaLimits(title: string, runtime: () => readonly string[]): void {
  let root: string;
  let lambda: LambdaServer;
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'imgvar-limits-'));
    await writeFile(path.join(root, 'it.mjs'), HANDLER);
    const common = { root, handler: 'it.handler', runtime: runtime() };
    lambda = await startLambda({
      it: { ...common, concurrency: 1, memoryMB: 200 },
      hurried: { ...common, timeoutSeconds: 1 },
      broken: { ...common, env: { BROKEN: 'yes' } },
    });
  });
  afterAll(async () => {
    await lambda.close();
    await rm(root, { recursive: true });
  });

  const invoke = async (name: string, event: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${lambda.url}/2015-03-31/functions/${name}/invocations`, { method: 'POST', body: JSON.stringify(event), headers });
    const text = await response.text();
    const log = Buffer.from(response.headers.get('x-amz-log-result') ?? '', 'base64').toString();
    return { status: response.status, error: response.headers.get('x-amz-function-error'), answer: text === '' ? null : (JSON.parse(text) as Record<string, unknown>), log };
  };

  describe(`a function behind ${title}`, () => {
    test('starts cold once, and tells what is billed', async () => {
      const tail = { 'x-amz-log-type': 'Tail' };
      const cold = await invoke('it', { log: 'hello' }, tail);
      const warm = await invoke('arn:aws:lambda:us-east-1:123456789012:function:it', {}, tail);
      expect(cold).toMatchObject({ status: 200, error: null, answer: { name: 'it' } });
      expect(warm.answer?.['pid']).toBe(cold.answer?.['pid']);
      expect(cold.log).toContain('hello');
      expect(cold.log).toMatch(/REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 200 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\n$/);
      expect(warm.log).toMatch(/REPORT .*Max Memory Used: \d+ MB\n$/);
    });

    test('has its errors told', async () => {
      expect(await invoke('it', { throws: 'too far' })).toMatchObject({ status: 200, error: 'Unhandled', answer: { errorType: 'RangeError', errorMessage: 'too far' } });
      expect(await invoke('broken', {})).toMatchObject({ error: 'Unhandled' });
      expect(await invoke('none', {})).toMatchObject({ status: 404 });
    });

    test('is ended when its time is over', async () => {
      const { error, answer } = await invoke('hurried', { waits: 10_000 });
      expect([error, answer]).toMatchObject(['Unhandled', { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('timed out after 1.00 seconds') }]);
      expect(await invoke('hurried', {})).toMatchObject({ error: null });
    });

    test('is ended when it exits, and when it takes too much memory', async () => {
      expect(await invoke('it', { exits: 3 })).toMatchObject({ answer: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 3') } });
      if (process.platform !== 'linux') return;
      expect(await invoke('it', { hoards: true })).toMatchObject({ answer: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('signal: killed') } });
    });

    test('may neither be told nor answer more than 6 MB', async () => {
      expect(await invoke('it', { bytes: 6_000_000 })).toMatchObject({ error: null });
      expect(await invoke('it', { bytes: 6_300_000 })).toMatchObject({ error: 'Unhandled', answer: { errorType: 'Function.ResponseSizeTooLarge' } });
      expect(await invoke('it', { text: 'x'.repeat(6_300_000) })).toMatchObject({ status: 413 });
      expect(await invoke('it', {})).toMatchObject({ error: null });
    });

    test('is throttled beyond its concurrency, and done later where nobody waits', async () => {
      const both = await Promise.all([invoke('it', { waits: 1000 }), invoke('it', { waits: 1000 })]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 429]);
      expect(await invoke('it', { throws: 'always' }, { 'x-amz-invocation-type': 'Event' })).toMatchObject({ status: 202 });
      expect(await invoke('it', {}, { 'x-amz-invocation-type': 'DryRun' })).toMatchObject({ status: 204 });
      await lambda.settled();
      expect(lambda.deadLetters).toMatchObject([{ name: 'it', event: { throws: 'always' } }]);
    });
  });
}
