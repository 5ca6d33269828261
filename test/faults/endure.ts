import { expect } from 'vitest';
import { summaryOf, type Ended } from '../cli/imgvar.js';
import type { Before } from '../s3/request.js';
import type { FaultyStore } from './store.js';
import { expectWhole, type World } from './world.js';

/** A row of the table: what was done to a run, and what became of it. */
export interface Row {
  readonly fault: string;
  /** Requests that something was done to. */
  readonly injected: number;
  readonly retries: number;
  readonly code: number | null;
  readonly sentence: string;
  readonly seconds: number;
}

/** While requests go wrong and it passes, a run comes to its end by itself, with every request counted. */
export async function endures(world: World, store: FaultyStore, fault: string, before: Before, ...args: string[]): Promise<Row> {
  const [began, counted, faults, abandoned] = [performance.now(), { ...store.counts }, store.faults, store.givenUp];
  store.during(before);
  const ended = await world.run(...args);
  const [injected, givenUp] = [store.faults - faults, store.givenUp - abandoned];
  store.during(() => undefined);
  const { retries, ...requests } = expectComplete(ended, world.count)['requests'] as Record<string, number>;
  const { other, ...sent } = Object.fromEntries(Object.entries(store.counts).map(([kind, count]) => [kind, count - counted[kind as keyof typeof counted]]));
  expect(other).toBe(0);
  expect(requests).toEqual(sent);
  // A busy machine may be slower than a connection may be silent, which is a repetition that nobody ordered.
  expect(retries).toBeGreaterThanOrEqual(injected - givenUp);
  expect(ended.json().filter(({ reason }) => reason === 'retried').length).toBeGreaterThanOrEqual(givenUp);
  const seconds = (performance.now() - began) / 1000;
  await expectWhole(world);
  return { fault, injected, retries: retries ?? 0, code: ended.code, sentence: '', seconds };
}

/** What a person must mend stops a run with one sentence; afterwards the same command comes to the end. */
export async function stopsAndResumes(world: World, fault: string, code: string, ended: Ended, mend: () => void | Promise<void>): Promise<Row> {
  const sentence = expectStopped(ended, code);
  await mend();
  expectComplete(await world.run(), world.count);
  await expectWhole(world);
  return { fault, injected: 0, retries: 0, code: ended.code, sentence, seconds: 0 };
}

/** Nothing is blamed on an original that everything has. @returns the sentence */
export function expectStopped(ended: Ended, code: string): string {
  expect(ended.json().filter(({ result }) => result === 'failed')).toEqual([]);
  expect(ended.json().at(-1)).toMatchObject({ type: 'error', code });
  expect(ended.code).toBe(2);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  expect(ended.stderr).not.toContain('testsecret');
  return ended.stderr.trim();
}

export function expectComplete(ended: Ended, originals: number): Record<string, unknown> {
  expect(ended.json().filter(({ result }) => result === 'failed')).toEqual([]);
  expect(ended.stderr).toBe('');
  expect(ended.code).toBe(0);
  const summary = summaryOf(ended) ?? {};
  expect(summary).toMatchObject({ originals, failed: 0, complete: true });
  return summary;
}
