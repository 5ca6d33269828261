import { expect, test } from 'vitest';
import { parseLayout } from '../../src/model/layout.js';
import { VariantStream } from '../../src/plan/variant-stream.js';
import { noteNeeds, waitingFor } from '../../src/plan/waiting.js';
import { inPages, spec, stored } from '../support.js';

const SPECS = [spec('large'), spec('small')];
const LAYOUT = parseLayout('{dir}/{name}-{variant}.{ext}', ['large', 'small']);
const NOWHERE = () => false;

async function streamOf(keys: readonly string[]): Promise<VariantStream> {
  const stream = new VariantStream(inPages(keys.map((key) => stored(key))), { prefix: '', after: '', specs: SPECS }, LAYOUT);
  // Goes no farther than the first page, as nothing is wanted before it.
  await stream.follow('', '', NOWHERE);
  return stream;
}

const waiting = (key: string, stream: VariantStream) => ({ ...waitingFor(stored(key), [stream], LAYOUT), previous: '' });

test.each([[['a.jpg', 'b.jpg']], [['b.jpg', 'a.jpg']]])('of all that is still to be passed, the first key is noted: %j', async (originals) => {
  const stream = await streamOf(['a']);
  const needed = new Map<VariantStream, string>();
  for (const key of originals) noteNeeds(waiting(key, stream), needed);
  expect(needed.get(stream)).toBe('a-large.jpg');
});

test('what was passed, or found, is not noted', async () => {
  const passed = await streamOf(['z']);
  const stream = await streamOf(['a']);
  const needed = new Map<VariantStream, string>();
  noteNeeds(waiting('a.jpg', passed), needed);
  const original = waiting('a.jpg', stream);
  for (const want of original.wants) want.found = stored(want.key);
  noteNeeds(original, needed);
  expect([...needed]).toEqual([]);
});
