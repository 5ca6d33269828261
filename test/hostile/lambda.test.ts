import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFunction, describeFunction } from '../../src/engine/lambda-handshake.js';
import { noticesOf } from '../../src/lambda/notice.js';
import { isRequest, parseRequest } from '../../src/lambda/request.js';
import { FAILURE_CODES } from '../../src/model/failure.js';
import { fingerprintOf } from '../../src/model/fingerprint.js';
import { PROTOCOL, type Description } from '../../src/model/invocation.js';
import type { Job } from '../../src/model/job.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import type { JobResult } from '../../src/model/outcome.js';
import { answerOf, jobOf, report, runOver, SMALL } from '../engine/scripted-function.js';
import { hostileJson, mutatedJson, RUNS } from './arbitraries.js';
import { valueOrMistake } from './mistake.js';

const JOBS = ['a.jpg', 'b.jpg', 'c.jpg'].map(jobOf);
const REQUEST = { imgvar: 'jobs', protocol: PROTOCOL, originals: 's3://o/', variants: 's3://v/', limits: DEFAULT_LIMITS, dryRun: false, jobs: JOBS } as const;
const DESCRIPTION: Description = {
  imgvar: 'description', protocol: PROTOCOL, version: '1.0.0', originals: 's3://o/', variants: 's3://v/', layout: '{variant}/{path}',
  specs: { small: fingerprintOf(SMALL) }, region: 'us-east-1', architecture: 'arm64', memoryMB: 1024, timeoutSeconds: 60, storageClass: null,
};

/** As it comes over the network. */
const sent = (json: unknown): unknown => JSON.parse(JSON.stringify(json) ?? 'null');

/** Whether a result says of this job what a result can say: every due variant once. */
function isAbout(job: Job, { original, due, outcomes, bytesRead, cpuSeconds, requests }: JobResult): boolean {
  const names = job.due.map(({ spec }) => spec.name);
  const told = outcomes.map(({ variant }) => variant);
  const numbers = [bytesRead, cpuSeconds, ...Object.values(requests)];
  return (
    original === job.original.key &&
    JSON.stringify(due) === JSON.stringify(names) &&
    (JSON.stringify(told) === '[null]' || JSON.stringify(told.sort()) === JSON.stringify(names.sort())) &&
    outcomes.every((outcome) => outcome.original === original && (outcome.result === 'made' ? job.due.some(({ key }) => key === outcome.key) : outcome.code in FAILURE_CODES)) &&
    numbers.every((number) => Number.isFinite(number) && number >= 0)
  );
}

describe('what a function answers', () => {
  test('to jobs is a result for each of them, or the run ends with a sentence', async () => {
    const answer = fc.oneof({ weight: 1, arbitrary: hostileJson }, { weight: 6, arbitrary: mutatedJson(answerOf({ ...REQUEST, jobs: JOBS })) });
    await fc.assert(
      fc.asyncProperty(answer, async (payload) => {
        const ended = await valueOrMistake(() => runOver(JOBS, () => ({ kind: 'answered', payload: sent(payload), log: report(100) })));
        if ('mistake' in ended) return;
        const { results, seen } = ended.value;
        expect(results.map(({ original }) => original).sort()).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
        for (const job of JOBS) expect(results.filter((result) => isAbout(job, result))).toHaveLength(1);
        expect(seen.length).toBeLessThan(120);
      }),
      { numRuns: RUNS },
    );
  });

  test('about itself is taken where it is right, and else told', async () => {
    const run = { originals: 's3://o/', variants: 's3://v/', region: 'us-east-1', layout: '{variant}/{path}', specs: [SMALL] };
    await fc.assert(
      fc.asyncProperty(fc.oneof(hostileJson, mutatedJson(DESCRIPTION)), async (payload) => {
        const invoke = async () => ({ kind: 'answered' as const, payload: sent(payload), log: '' });
        const ended = await valueOrMistake(async () => {
          const { answer } = await describeFunction({ name: 'f', region: 'us-east-1', invoke });
          checkFunction('f', answer, run);
          return answer;
        });
        if ('mistake' in ended) return;
        const { memoryMB, timeoutSeconds, architecture, originals, variants } = ended.value;
        expect([originals, variants]).toEqual(['s3://o/', 's3://v/']);
        expect(['arm64', 'x64']).toContain(architecture);
        for (const number of [memoryMB, timeoutSeconds]) expect(Number.isFinite(number) && number > 0).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('what a function is asked', () => {
  test('is what the protocol has, or is refused in a sentence', () => {
    fc.assert(
      fc.property(fc.oneof(hostileJson, mutatedJson(REQUEST), mutatedJson({ imgvar: 'check', protocol: PROTOCOL, originals: 's3://o/', variants: 's3://v/', access: 'read' })), (json) => {
        const event = sent(json);
        if (!isRequest(event)) return;
        const parsed = parseRequest(event);
        expect(['describe', 'check', 'jobs', 'refusal']).toContain(parsed.imgvar);
        if (parsed.imgvar === 'refusal') expect(parsed.message).not.toBe('');
        if (parsed.imgvar === 'jobs') for (const { due } of parsed.jobs) expect(due.length).toBeGreaterThan(0);
      }),
      { numRuns: RUNS * 10 },
    );
  });

  const events = ['s3-put', 's3-several', 'sns-s3-put', 'sns-moto', 'test-event'].map((name): unknown => JSON.parse(readFileSync(new URL(`../lambda/events/${name}.json`, import.meta.url), 'utf8')));

  test('by notices is each an upload, or one that is told as none', () => {
    fc.assert(
      fc.property(fc.oneof(hostileJson, ...events.map(mutatedJson)), (json) => {
        for (const notice of noticesOf(sent(json)) ?? []) {
          expect(['created', 'ignored', 'unreadable']).toContain(notice.kind);
          if (notice.kind === 'created') expect([typeof notice.bucket, typeof notice.key, notice.size >= 0]).toEqual(['string', 'string', true]);
        }
      }),
      { numRuns: RUNS * 10 },
    );
  });
});
