import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { compareKeys } from '../../src/model/key.js';
import { parseLayout } from '../../src/model/layout.js';
import { isRefused, type Listed } from '../../src/model/original.js';
import { joinListings } from '../../src/plan/join.js';
import { VariantStream } from '../../src/plan/variant-stream.js';
import { collect, inPages, spec, stored } from '../support.js';
import { ALONE, SPECS, inOrder, world, type World } from './world.js';

/** A world in which some originals are not wanted, or cannot be worked on. */
const mixed = fc.tuple(world, fc.array(fc.constantFrom('wanted', 'wanted', 'refused', 'not wanted'), { minLength: 1, maxLength: 40 }));

/** What comes out of the plan of it, and of what. */
function planOf({ layout: template, specs, originals, variants, pageSize }: World, kinds: readonly string[]) {
  const layout = parseLayout(template, specs.map(({ name }) => name));
  const kindOf = new Map(originals.map(({ key }, i) => [key, kinds[i % kinds.length]]));
  const listed = originals.map((one): Listed => (kindOf.get(one.key) === 'refused' ? { key: one.key, refused: 'invalid-key', detail: '' } : one));
  const plan = joinListings({
    ...ALONE,
    originals: inPages(listed, pageSize),
    listVariants: (at) => inPages(variants.filter(({ key }) => key.startsWith(at)), pageSize),
    layout,
    specs,
    accepts: ({ key }) => kindOf.get(key) !== 'not wanted',
  });
  return { plan, layout, wanted: originals.map(({ key }) => key).filter((key) => kindOf.get(key) !== 'not wanted') };
}

test('an original is held back only while others go by of which one stem is the beginning of the other', async () => {
  await fc.assert(
    fc.asyncProperty(mixed, async ([given, kinds]) => {
      const { plan, layout } = planOf(given, kinds);
      const out = (await collect(plan)).flatMap((found) => ('original' in found ? found.original.key : []));
      for (const [i, late] of out.entries()) {
        for (const early of out.slice(0, i)) if (compareKeys(early, late) > 0) expect(early.startsWith(layout.stemOf(late)) || late.startsWith(layout.stemOf(early))).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('at a mark, everything up to it has come out, and nothing behind it', async () => {
  await fc.assert(
    fc.asyncProperty(mixed, async ([given, kinds]) => {
      const { plan, wanted } = planOf(given, kinds);
      const out = new Set<string>();
      for await (const found of plan) {
        if (!('passed' in found)) out.add('original' in found ? found.original.key : found.key);
        else expect([...out].sort(compareKeys)).toEqual(wanted.filter((key) => found.passed === null || compareKeys(key, found.passed) <= 0));
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['taken in passing', spec('large'), true],
  ['after its rival', spec('web', { format: 'webp' }), true],
  ['not wanted', spec('large'), false],
])('there is a mark for every ten originals, also where each is %s', async (_, one, isWanted) => {
  const originals = Array.from({ length: 35 }, (__, i) => stored(`${10 + i}.jpg`));
  const plan = await collect(joinListings({ ...ALONE, originals: inPages(originals), layout: parseLayout('{variant}/{path}', [one.name]), specs: [one], accepts: () => isWanted }));
  const marks = plan.flatMap((found) => ('passed' in found ? found.passed : []));
  // One that waits for its rival is not passed yet.
  expect(marks).toEqual(one.format === 'webp' ? ['18.jpg', '28.jpg', '38.jpg', null] : ['19.jpg', '29.jpg', '39.jpg', null]);
});

test('who has nothing to wait for comes out before the next is listed', async () => {
  const layout = parseLayout('{variant}/{path}', ['large']);
  let drawn = 0;
  async function* listed() {
    for (const key of ['a', 'b', 'c']) {
      drawn += 1;
      yield [stored(key)];
    }
  }
  const plan = joinListings({ ...ALONE, originals: listed(), listVariants: () => inPages([stored('large/a'), stored('large/a!'), stored('large/c')]), layout, specs: [spec('large')] });
  for (const key of ['a', 'b', 'c']) expect([(await plan.next()).value, drawn]).toMatchObject([{ original: { key } }, 'abc'.indexOf(key) + 1]);
});

test.each([
  ['{variant}/{path}', 'webp', ['a', 'b.webp', 'c', 'd.webp']],
  ['{variant}/{path}', 'webp', ['a', 'a.webp', 'b.webp']],
  // Where its rival comes, the listing of variants stands before those of both: neither may overtake the other.
  ['{dir}/{name}-{variant}.{ext}', 'jpeg', ['a', 'a.jpg', 'b.jpg']],
] as const)('who waits for a rival comes out as soon as that was listed, or could have been: %s, %s, %j', async (template, format, keys) => {
  const originals = keys.map((key) => stored(key));
  const specs = [spec('large'), spec('w', { format })];
  const layout = parseLayout(template, ['large', 'w']);
  const variants = inOrder([...new Set(keys.flatMap((key) => specs.map((of) => layout.keyOf(key, of))))].map((key) => stored(key)));
  const listVariants = (at: string) => inPages(variants.filter(({ key }) => key.startsWith(at)));
  const plan = joinListings({ ...ALONE, originals: inPages(originals), listVariants, layout, specs });
  expect((await collect(plan)).flatMap((found) => ('original' in found ? found.original.key : []))).toEqual(keys);
});

// In the second layout the variants of a.jpg come before a-x.jpg, and are held until it comes.
test.each([
  ['{variant}/{path}', 'are there', () => true],
  ['{dir}/{name}-{variant}.{ext}', 'are there', () => true],
  ['{variant}/{path}', 'are missing in part, and at the end', (_: string, i: number) => i % 3 > 0 && i < 700],
])('where the listings lie ready, none is gone through step by step: %s, variants %s', async (template, _, isThere) => {
  const specs = [spec('large'), spec('small')];
  const layout = parseLayout(template, ['large', 'small']);
  const originals = ['a-x.jpg', 'a.jpg', ...Array.from({ length: 498 }, (__, i) => `b${1_000 + i}.jpg`)].map((key) => stored(key));
  const made = originals.flatMap(({ key }) => specs.map((of) => layout.keyOf(key, of))).filter(isThere);
  const variants = inOrder(made.map((key) => stored(key, 2_000)));
  const followed = vi.spyOn(VariantStream.prototype, 'follow');
  try {
    const listVariants = (at: string) => inPages(variants.filter(({ key }) => key.startsWith(at)), 1_000);
    expect(await collect(joinListings({ ...ALONE, originals: inPages(originals), listVariants, layout, specs }))).toHaveLength(500 + 51);
    // For the first ones, as nothing had been fetched, and while some are held.
    expect(followed.mock.calls.length).toBeLessThan(10);
  } finally {
    followed.mockRestore();
  }
});

test('variants behind those of the last original are not listed', async () => {
  let drawn = 0;
  async function* listVariants() {
    for (const key of ['a', 'b', 'c', 'd']) {
      drawn += 1;
      yield [stored(`large/${key}`)];
    }
  }
  await collect(joinListings({ ...ALONE, originals: inPages([stored('a')]), listVariants, layout: parseLayout('{variant}/{path}', ['large']), specs: [spec('large')] }));
  expect(drawn).toBe(2);
});

test('those who wait in large folders are looked at only when a listing has gone on', async () => {
  const layout = parseLayout('{dir}/{variant}/{name}.{ext}', SPECS.map(({ name }) => name));
  const originals = Array.from({ length: 500 }, (_, i) => stored(`${i < 250 ? 'd' : 'e'}/${1_000 + i}.jpg`));
  const variants = inOrder(originals.flatMap(({ key }) => SPECS.map((of) => stored(layout.keyOf(key, of), 2_000))));
  const asked = vi.spyOn(VariantStream.prototype, 'hasPassed');
  try {
    await collect(joinListings({ ...ALONE, originals: inPages(originals), listVariants: () => inPages(variants, 100), layout, specs: SPECS }));
    // Looking at all of them for each would ask some 200,000 times.
    expect(asked.mock.calls.length).toBeLessThan(500 * 20);
  } finally {
    asked.mockRestore();
  }
});

describe('what is held back stays few, however many originals there are', () => {
  const many = Array.from({ length: 4_000 }, (_, i) => String(i).padStart(6, '0'));

  test.each([
    ['{variant}/{path}', 'a', 'are there', (i: string) => `a!${i}`],
    ['{dir}/{name}-{variant}.{ext}', 'a', 'are there', (i: string) => `a!${i}`],
    ['{dir}/{name}-{variant}.{ext}', 'a.jpg', 'are there', (i: string) => `a-x${i}.jpg`],
    ['{path}/{variant}', 'a', 'are there', (i: string) => `a!${i}`],
    // Each of ten is held until the next, which begin with it, have gone by.
    ['{path}/{variant}', 'a', 'are there', (i: string) => `a!${i.slice(0, -1)}${'!'.repeat(Number(i) % 10)}`],
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
    expect(most).toBeLessThanOrEqual(100 + 12);
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
