import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../../src/model/key.js';

const unit = fc.constantFrom('a', 'b', '/', '-', 'é', 'e\u0301', '\ud7ff', '\ue000', '\uffee', '\uffff', '😀', '\u{10ffff}');
const text = fc.oneof(fc.array(unit, { maxLength: 6 }).map((units) => units.join('')), fc.string({ unit: 'binary' }));

test('keys are ordered by their UTF-8 bytes, as S3 orders a listing', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 2_000 },
  );
});

test('an emoji comes after U+FFEE, though JavaScript says before', () => {
  expect(compareKeys('😀', '\uffee')).toBeGreaterThan(0);
  expect('😀' < '\uffee').toBe(true);
});
