import { expect, test } from 'vitest';
import { parseLayout } from '../../src/model/layout.js';
import type { Listed } from '../../src/model/original.js';
import { UserError } from '../../src/model/user-error.js';
import { joinListings, type Planned } from '../../src/plan/join.js';
import { collect, inPages, spec, stored } from '../support.js';
import { ALONE } from './world.js';

test('what cannot be worked on passes through, where it is wanted', async () => {
  const refused = { key: 'b', refused: 'invalid-key', detail: 'a link' } as const;
  const input = {
    ...ALONE,
    originals: inPages([stored('a'), refused, stored('c')]),
    layout: parseLayout('{variant}/{path}', ['large']),
    specs: [spec('large')],
  };
  expect(await collect(joinListings({ ...input, accepts: () => true }))).toContainEqual(refused);
  const rest = await collect(joinListings({ ...input, originals: inPages([stored('a'), refused]), accepts: ({ key }) => key !== 'b' }));
  expect(rest).not.toContainEqual(refused);
});

test('a part of the variants that cannot be listed ends the run, as what is missing there is unknown', async () => {
  const plan = joinListings({
    ...ALONE,
    originals: inPages([stored('a')]),
    listVariants: () => inPages([{ key: 'large/', refused: 'access-denied', detail: 'EACCES' }]),
    layout: parseLayout('{variant}/{path}', ['large']),
    specs: [spec('large')],
  });
  await expect(collect(plan)).rejects.toMatchObject({ constructor: UserError, code: 'location-unreadable', message: expect.stringContaining('large/') });
});

test('what is refused otherwise among the variants is passed over', async () => {
  const plan = joinListings({
    ...ALONE,
    originals: inPages(['a', 'b', 'c'].map((key) => stored(key))),
    listVariants: () => inPages([stored('large/a', 2_000), { key: 'large/b', refused: 'invalid-key', detail: 'a link' }, stored('large/c', 2_000)]),
    layout: parseLayout('{variant}/{path}', ['large']),
    specs: [spec('large')],
  });
  const planned = (await collect(plan)).filter((found): found is Planned => 'original' in found);
  expect(planned.map(({ due }) => due.map(({ reason }) => reason))).toEqual([[], ['missing'], []]);
});

test('nor is it told as the variant of no original, where everything is accounted for', async () => {
  const unowned: string[] = [];
  const plan = joinListings({
    ...ALONE,
    originals: inPages([stored('a')]),
    listVariants: () => inPages([stored('large/!', 2_000), { key: 'large/a', refused: 'invalid-key', detail: 'a link' }, { key: 'large/b', refused: 'invalid-key', detail: 'a link' }]),
    layout: parseLayout('{variant}/{path}', ['large']),
    specs: [spec('large')],
    inventory: { onOriginal: () => undefined, onUnowned: ({ key }) => unowned.push(key) },
  });
  expect((await collect(plan)).flatMap((found) => ('due' in found ? found.due.map(({ reason }) => reason) : []))).toEqual(['missing']);
  expect(unowned).toEqual(['large/!']);
});

/** Goes on behind `a.jpg`: the variant of `a.png` comes before the place where the listing of variants begins. */
const lookingUp = (found: Listed | undefined) =>
  joinListings({
    ...ALONE,
    originals: inPages([stored('a.png')]),
    after: 'a.jpg',
    lookUp: async () => found,
    layout: parseLayout('{dir}/{name}-{variant}.{ext}', ['large']),
    specs: [spec('large')],
  });

test.each<[string, Listed | undefined, string[]]>([
  ['is there', stored('a-large.png', 2_000), []],
  ['is not there', undefined, ['missing']],
  ['is refused by its name', { key: 'a-large.png', refused: 'invalid-key', detail: 'a link' }, ['missing']],
])('a variant that is looked up by itself and %s', async (_, found, reasons) => {
  const planned = (await collect(lookingUp(found))).filter((one): one is Planned => 'original' in one);
  expect(planned.map(({ due }) => due.map(({ reason }) => reason))).toEqual([reasons]);
});

test('one that may not be looked up ends the run as well', async () => {
  const plan = lookingUp({ key: 'a-large.png', refused: 'access-denied', detail: 'EACCES' });
  await expect(collect(plan)).rejects.toMatchObject({ constructor: UserError, code: 'location-unreadable', message: expect.stringContaining('a-large.png') });
});
