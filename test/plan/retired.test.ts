import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../src/model/fingerprint.js';
import type { Era } from '../../src/model/ledger.js';
import type { Format } from '../../src/model/spec.js';
import { retiredKeys } from '../../src/plan/retired.js';
import { spec } from '../support.js';

const web = spec('web', { format: 'webp' });
const now: Era = { fingerprint: fingerprintOf(web), since: 9, format: 'webp' };
const before = (format?: Format): Era => ({ fingerprint: `as ${format}`, since: 0, format });

function retiredBy(eras: Readonly<Record<string, readonly Era[]>>): ReturnType<typeof retiredKeys> {
  return retiredKeys('{variant}/{path}', [web], new Map(Object.entries(eras)));
}

/** Which of these keys are retired by the ledger. */
function retired(keys: readonly string[], eras: Readonly<Record<string, readonly Era[]>>): readonly string[] {
  const retiredAs = retiredBy(eras);
  return keys.filter((key) => retiredAs(key) !== null);
}

describe('of a spec that is gone', () => {
  const keys = ['gone/a.jpg', 'gone/a.jpg.webp', 'gone/a.jpg.avif', 'other/a.jpg', 'a.jpg', 'gone'];

  test('keys of the formats that it had', () => {
    expect(retired(keys, { gone: [before('jpeg')] })).toEqual(['gone/a.jpg']);
    expect(retired(keys, { gone: [before('webp'), before('avif')] })).toEqual(['gone/a.jpg.webp', 'gone/a.jpg.avif']);
    expect(retired(keys, { gone: [before('webp')], other: [before('jpeg')] })).toEqual(['gone/a.jpg.webp', 'other/a.jpg']);
  });

  test('keys of any format, where an older ledger does not say which it had', () => {
    expect(retired(keys, { gone: [before()] })).toEqual(['gone/a.jpg', 'gone/a.jpg.webp', 'gone/a.jpg.avif']);
    expect(retired(keys, { gone: [before(), before('webp')] })).toEqual(['gone/a.jpg', 'gone/a.jpg.webp', 'gone/a.jpg.avif']);
  });

  test('none, where its name is one that no spec may have today', () => {
    expect(retired(['.imgvar/a.jpg', 'gone/a.jpg'], { '.imgvar': [before('jpeg')], gone: [before('jpeg')] })).toEqual(['gone/a.jpg']);
  });
});

describe('of a spec that has changed', () => {
  const keys = ['web/a.jpg', 'web/a.jpg.webp', 'web/a.jpg.avif'];

  test('keys of its earlier formats, and none of its own', () => {
    expect(retired(keys, { web: [before('avif'), now] })).toEqual(['web/a.jpg.avif']);
    expect(retired(keys, { web: [before('avif'), before('jpeg'), now] })).toEqual(['web/a.jpg', 'web/a.jpg.avif']);
    expect(retired(keys, { web: [before('webp'), now] })).toEqual([]);
  });

  test('none of a format that an older ledger does not name', () => {
    expect(retired(keys, { web: [before(), now] })).toEqual([]);
  });

  test('none before it has begun to be written, as nothing takes their place yet', () => {
    expect(retired(keys, { web: [before('avif')] })).toEqual([]);
    expect(retired(keys, { web: [now, before('avif')] })).toEqual([]);
    expect(retired(keys, { web: [] })).toEqual([]);
  });

  test('what takes their place is the variant as it is now, of each original that it may have been of', () => {
    const retiredAs = retiredBy({ web: [before('avif'), now], gone: [before('jpeg')] });
    expect(retiredAs('web/a.jpg.avif')?.successors).toEqual([{ original: 'a.jpg.avif', key: 'web/a.jpg.avif.webp' }, { original: 'a.jpg', key: 'web/a.jpg.webp' }]);
    expect(retiredAs('gone/a.jpg')?.successors).toEqual([]);
  });
});
