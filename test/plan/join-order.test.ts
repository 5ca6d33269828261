import { describe, expect, test } from 'vitest';
import { compareKeys } from '../../src/model/key.js';
import { parseLayout } from '../../src/model/layout.js';
import { isRefused, type Listed } from '../../src/model/original.js';
import { joinListings } from '../../src/plan/join.js';
import { inPages, spec, stored } from '../support.js';
import { ALONE, SPECS, inOrder } from './world.js';

test('at a mark, everything up to it has come out, and nothing before an earlier mark comes later', async () => {
  // Names without an extension may have rivals; every tenth is the beginning of the next nine.
  const originals = inOrder(Array.from({ length: 1_000 }, (_, i) => stored(`${i % 10 === 0 ? '' : `${i - (i % 10)}!`}${i}`)));
  const layout = parseLayout('{dir}/{name}-{variant}.{ext}', SPECS.map(({ name }) => name));
  const out = new Set<string>();
  let marks = 0;
  for await (const found of joinListings({ ...ALONE, originals: inPages(originals), layout, specs: SPECS })) {
    if ('original' in found) out.add(found.original.key);
    if (!('passed' in found)) continue;
    marks += 1;
    const upTo = originals.filter(({ key }) => found.passed === null || compareKeys(key, found.passed) <= 0);
    expect(upTo.filter(({ key }) => !out.has(key))).toEqual([]);
    expect(out.size).toBe(upTo.length);
  }
  expect(marks).toBeGreaterThan(50);
  expect(out.size).toBe(1_000);
});

describe('what is held back stays few, however many originals there are', () => {
  const many = Array.from({ length: 4_000 }, (_, i) => String(i).padStart(6, '0'));

  test.each([
    ['{variant}/{path}', 'a', 'are there', (i: string) => `a!${i}`],
    ['{dir}/{name}-{variant}.{ext}', 'a', 'are there', (i: string) => `a!${i}`],
    ['{dir}/{name}-{variant}.{ext}', 'a.jpg', 'are there', (i: string) => `a-x${i}.jpg`],
    ['{path}/{variant}', 'a', 'are there', (i: string) => `a!${i}`],
    ['{path}/{variant}', 'a', 'are missing', (i: string) => `a!${i}`],
  ])('%s, %s among 4,000 that begin like it, whose variants %s', async (template, one, variantsAre, keyOf) => {
    const layout = parseLayout(template, SPECS.map(({ name }) => name));
    const originals = inOrder([one, ...many.map(keyOf)].map((key) => stored(key)));
    const made = originals.flatMap(({ key }) => SPECS.map((of) => stored(layout.keyOf(key, of), 2_000)));
    const variants = variantsAre === 'are missing' ? [stored('~')] : inOrder(made);
    let drawn = 0;
    async function* counted(listed: readonly Listed[]) {
      for await (const page of inPages(listed, 100)) {
        drawn += page.length;
        yield page;
      }
    }
    let most = 0;
    let seen = 0;
    const plan = joinListings({
      ...ALONE,
      originals: counted(originals),
      listVariants: (at) => inPages(variants.filter(({ key }) => key.startsWith(at)), 100),
      layout,
      specs: SPECS,
    });
    for await (const item of plan) {
      if ('passed' in item) continue;
      seen += 1;
      expect(isRefused(item) ? null : item.due.length).toBe(variantsAre === 'are missing' ? SPECS.length : 0);
      most = Math.max(most, drawn - seen);
    }
    expect(seen).toBe(originals.length);
    expect(most).toBeLessThanOrEqual(100 + 3);
  });
});

test('what waits for a rival comes out when that has been passed, also where the next originals are not wanted', async () => {
  const originals = Array.from({ length: 100 }, (_, i) => stored(`${String(i).padStart(2, '0')}.${i % 2 === 0 ? 'png' : 'txt'}`));
  const out: string[] = [];
  async function* listed() {
    for (const [i, original] of originals.entries()) {
      // Each has come out once the ".txt" behind it was listed.
      expect(out).toHaveLength(Math.floor(i / 2));
      yield [original];
    }
  }
  const web = spec('web', { format: 'webp' });
  const plan = joinListings({ ...ALONE, originals: listed(), layout: parseLayout('{variant}/{path}', ['web']), specs: [web], accepts: ({ key }) => key.endsWith('.png') });
  for await (const found of plan) if ('original' in found) out.push(found.original.key);
  expect(out).toHaveLength(50);
});
