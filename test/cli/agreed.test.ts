import { expect, test } from 'vitest';
import { agreed } from '../../src/cli/operations.js';
import { UserError } from '../../src/model/user-error.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { PLAIN } from '../support.js';
import { control } from '../run/pretending.js';
import { runParts } from '../run/run-parts.js';

const inBucket = (name: string): Store => ({ ...memoryStore(name), region: async () => 'ap-east-2' });

test('a run in functions of which no price is known begins with a yes alone', async () => {
  const originals = inBucket('originals');
  await originals.write('1.jpg', Buffer.from('x'), PLAIN);
  const { pricing } = runParts();
  const parts = { ...runParts({ originals, variants: inBucket('variants'), pricing: { ...pricing, way: 'lambda' } }), confirmAbove: 10 };
  const agree = (): never => {
    throw new Error('there is nothing to be asked');
  };
  const asked = agreed(agree, parts, (onEvent) => reprocess(parts, 'due', EVERYTHING, control({ dryRun: true, onEvent }).settings));
  const error: unknown = await asked.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code: 'cost-unconfirmed', message: expect.stringMatching(/say --yes .* regions\.ap-east-2\.lambda /) });
});

test('what else goes wrong before the question is told as it is', async () => {
  const parts = { ...runParts({ originals: inBucket('originals'), variants: inBucket('variants') }), confirmAbove: 10 };
  const wrong = new UserError('credentials-expired', 'sign in again');
  await expect(agreed(async () => true, parts, () => Promise.reject(wrong))).rejects.toBe(wrong);
});
