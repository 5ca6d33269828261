import { expect, test } from 'vitest';
import { Budget } from '../../src/work/budget.js';

/** Whether it is settled once everything that can happen at once has happened. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);
}

test('hands out no more than there is, and goes on when enough has come back', async () => {
  const budget = new Budget(10);
  await budget.take(6);
  await budget.take(4);
  const waiting = budget.take(5);
  expect(await isSettled(waiting)).toBe(false);
  budget.giveBack(4);
  expect(await isSettled(waiting)).toBe(false);
  budget.giveBack(6);
  expect(await isSettled(waiting)).toBe(true);
});

test('what is more than there ever will be has all of it, alone', async () => {
  const budget = new Budget(10);
  await budget.take(1);
  const large = budget.take(100);
  expect(await isSettled(large)).toBe(false);
  budget.giveBack(1);
  expect(await isSettled(large)).toBe(true);
  const next = budget.take(1);
  expect(await isSettled(next)).toBe(false);
  budget.giveBack(100);
  expect(await isSettled(next)).toBe(true);
});
