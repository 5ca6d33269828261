import { describe, expect, test } from 'vitest';
import { expectedOf } from '../../src/cost/expected.js';
import { Sampler } from '../../src/cost/sample.js';
import { groupsOf, kindOf, otherKindOf, type Kind } from '../../src/cost/strata.js';
import { chosenFrom, job } from './sampled.js';

describe('kinds', () => {
  test('one for what is due, one for an extension, one for every doubling of size', () => {
    const like = kindOf(job('a.jpg', 1_000, ['small', 'large']));
    expect(kindOf(job('b.jpg', 1_020, ['small', 'large']))).toBe(like);
    for (const [key, size, due] of [['a.jpg', 1_000, ['smalll', 'arge']], ['a.jpg', 1_000, ['small']], ['a.png', 1_000, ['small', 'large']], ['a.jpg', 1_030, ['small', 'large']]] as const) {
      expect(kindOf(job(key, size, due))).not.toBe(like);
    }
  });

  test('they sort by size, also where that is all that they are told apart by', () => {
    const sizes = [0, 1, 3, 100, 5_000, 1e6, 1e12, 1e30].map((size) => kindOf(job('a.jpg', size)));
    expect(sizes).toEqual([...new Set(sizes)].sort());
    const times = [0, 0.001, 0.003, 0.05, 2, 3_600].map((cpuSeconds) => otherKindOf({ cpuSeconds, bytes: 0 }));
    expect(times).toEqual([...new Set(times)].sort());
    expect(otherKindOf({ cpuSeconds: 0.05, bytes: 0 })).toBe(otherKindOf({ cpuSeconds: 0.051, bytes: 1e9 }));
  });

  test('of each as many are kept as the sample has, and no more', () => {
    const sampler = new Sampler(2, () => 0.99);
    for (let i = 0; i < 15; i++) sampler.add(job(`${i}.${['jpg', 'jpeg', 'jfif'][i % 3] ?? ''}`, 1_000));
    expect(sampler.held).toBe(6);
  });
});

test('beyond 128 kinds the work that originals are tells them apart, and nothing else', () => {
  const sampler = new Sampler(2, () => 0);
  for (let i = 0; i < 200; i++) sampler.add(job(`a.${i}`, 1_000));
  expect(sampler.held).toBe(128 + 2);
  for (let i = 0; i < 200; i++) sampler.add(job(`a.x${i}`, 1_000_000));
  expect(sampler.held).toBe(128 + 2 + 2);
  // A kind that is known stays one.
  sampler.add(job('a.0', 1_000));
  expect(sampler.held).toBe(128 + 2 + 2 + 1);
});

describe('strata', () => {
  const kind = (name: string, part: number, bytes = part): Kind => ({ name, originals: 10, cpuSeconds: part, bytes, kept: [] });
  const namesOf = (kinds: readonly Kind[], size: number) => groupsOf(kinds, size).map(({ kinds: members }) => members.map(({ name }) => name).join(''));

  test('kinds are joined to those beside them, until they are three of the sample', () => {
    expect(namesOf([kind('c', 1), kind('a', 1), kind('d', 1), kind('b', 1)], 12)).toEqual(['a', 'b', 'c', 'd']);
    expect(namesOf([kind('c', 1), kind('a', 1), kind('d', 1), kind('b', 1)], 11)).toEqual(['ab', 'cd']);
    expect(namesOf([kind('b', 5), kind('a', 1), kind('d', 1), kind('c', 3)], 10)).toEqual(['ab', 'cd']);
    // What is left at the end goes to the last.
    expect(namesOf([kind('a', 4), kind('b', 4), kind('c', 1), kind('d', 1)], 10)).toEqual(['a', 'bcd']);
    expect(namesOf([kind('a', 1)], 2)).toEqual(['a']);
  });

  test('the share is the mean of those of time and of bytes; of nothing there is none', () => {
    expect(groupsOf([kind('a', 3, 1), kind('b', 1, 1)], 100).map(({ share }) => share)).toEqual([0.625, 0.375]);
    expect(groupsOf([kind('a', 3, 0), kind('b', 1, 0)], 100).map(({ share }) => share)).toEqual([0.375, 0.125]);
  });

  test('what is expected of a stratum is what is expected of all its originals', () => {
    const { cpuSeconds, bytes } = expectedOf(job('a.jpg', 20_000));
    const [stratum] = chosenFrom(Array.from({ length: 4 }, (_, i) => job(`${i}.jpg`, 20_000)), 2, 1);
    expect(stratum).toMatchObject({ originals: 4, expected: { cpuSeconds: expect.closeTo(4 * cpuSeconds, 9), bytes: expect.closeTo(4 * bytes, 6) } });
  });

  test('two of each, and every further one where an original stands for most of the work', () => {
    const sample = (jpegs: number, jfifs: number, bytes: number, size: number) => {
      const jobs = [...Array.from({ length: jpegs }, (_, i) => job(`${i}.jpg`, bytes)), ...Array.from({ length: jfifs }, (_, i) => job(`${i}.jfif`, 20_000))];
      return chosenFrom(jobs, size, 1).map(({ originals, chosen }) => [originals, chosen.length]);
    };
    expect(sample(20, 20, 20_000, 8)).toEqual([[20, 4], [20, 4]]);
    // Of equals the first.
    expect(sample(20, 20, 20_000, 9)).toEqual([[20, 5], [20, 4]]);
    expect(sample(20, 40, 20_000, 12)).toEqual([[40, 8], [20, 4]]);
    // Few that are most of the work, and that are all in it.
    expect(sample(3, 20, 1_000_000, 12)).toEqual([[20, 9], [3, 3]]);
    expect(sample(3, 20, 1_000_000, 30)).toEqual([[20, 20], [3, 3]]);
  });
});
