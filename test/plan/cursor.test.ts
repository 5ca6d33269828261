import { expect, test } from 'vitest';
import { Cursor } from '../../src/plan/cursor.js';

async function* pagesOf(...pages: readonly (readonly number[])[]) {
  yield* pages;
}

test('goes through pages one item at a time, empty ones as well, up to the end', async () => {
  const cursor = new Cursor(pagesOf([], [1, 2], [], [], [3]));
  expect([cursor.head, cursor.ready]).toEqual([undefined, false]);
  const seen: (number | undefined)[] = [];
  for (;;) {
    await cursor.load();
    expect(cursor.ready).toBe(true);
    if (cursor.head === undefined) break;
    seen.push(cursor.head);
    cursor.advance();
  }
  expect(seen).toEqual([1, 2, 3]);
  await cursor.load();
  expect([cursor.head, cursor.ready]).toEqual([undefined, true]);
});

test('within a page nothing has to be fetched; behind it, something may come', async () => {
  const cursor = new Cursor(pagesOf([1, 2], [3]));
  await cursor.load();
  cursor.advance();
  expect([cursor.head, cursor.ready]).toEqual([2, true]);
  cursor.advance();
  expect([cursor.head, cursor.ready]).toEqual([undefined, false]);
});

test('closes its source, if that is something to close', async () => {
  let closed = false;
  const source = (async function* () {
    try {
      yield [1];
      yield [2];
    } finally {
      closed = true;
    }
  })();
  const cursor = new Cursor<number>(source);
  await cursor.load();
  await cursor.close();
  expect(closed).toBe(true);
  await new Cursor<number>({ [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }) }).close();
});
