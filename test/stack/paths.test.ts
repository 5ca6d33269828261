import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_PATHS, MOST_WILDCARDS, ReplacedPaths, urlPath } from '../../src/stack/paths.js';

const decoded = (path: string): string => path.split('/').map((name) => decodeURIComponent(name)).join('/');
const covers = (path: string, url: string): boolean => (path.endsWith('*') ? url.startsWith(decoded(path.slice(0, -1))) : decoded(path) === url);

/** A character that stands for itself in a path: neither unsafe by RFC 1738, nor one that means something else there. */
const PLAIN = /^[A-Za-z0-9/$\-_.!'(),;:@&=]$/;

/** Whether every character is encoded that is to be, and no other. */
function isWritten(path: string): boolean {
  const signs = path.replace(/\*$/, '').match(/%[0-9A-F]{2}|[^]/g) ?? [];
  return signs.every((sign) => (sign.length === 3 ? !PLAIN.test(String.fromCharCode(Number.parseInt(sign.slice(1), 16))) : PLAIN.test(sign)));
}

function folded(keys: readonly string[], base = '/'): { paths: readonly string[]; wildcards: number } {
  const replaced = new ReplacedPaths();
  for (const key of keys) replaced.add(key);
  return replaced.fold(base);
}

const many = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}.jpg`);

describe('what CloudFront is to forget', () => {
  it('is nothing where nothing was replaced', () => {
    expect(folded([])).toEqual({ paths: [], wildcards: 0 });
  });

  it('is each path by itself while they are few', () => {
    expect(folded(['small/a.jpg', 'large/b/c.jpg', 'small/a.jpg'], '/images/')).toEqual({ paths: ['/images/large/b/c.jpg', '/images/small/a.jpg'], wildcards: 0 });
    expect(folded(many('small/', MOST_PATHS)).wildcards).toBe(0);
  });

  it('is written as browsers write it, and a * of a key is no wildcard', () => {
    expect(folded(['small/é *?.jpg']).paths).toEqual(['/small/%C3%A9%20%2A%3F.jpg']);
    expect(urlPath('uploads/ä/')).toBe('/uploads/%C3%A4/');
  });

  it('has no other character encoded, or it would not be forgotten', () => {
    const plain = "a@2x/b:c,d;e=f&g$h!i'j(k)-_..jpg";
    expect(folded([plain]).paths).toEqual([`/${plain}`]);
    expect(folded(many('a@2x/', 2000)).paths).toEqual(['/a@2x/*']);
    expect(urlPath('uploads@2x/')).toBe('/uploads@2x/');
  });

  it('has encoded what is unsafe, what would end the path, and a +, which S3 takes for a space', () => {
    expect(folded(['"#%<>?[\\]^`{|}~+.jpg']).paths).toEqual(['/%22%23%25%3C%3E%3F%5B%5C%5D%5E%60%7B%7C%7D%7E%2B.jpg']);
    expect(folded(many('a~+/', 2000)).paths).toEqual(['/a%7E%2B/*']);
  });

  it('is the fullest folders as a whole where there are many, and the rest by itself', () => {
    const { paths, wildcards } = folded([...many('small/', 5000), ...many('large/', 300), 'web/x.jpg']);
    expect(wildcards).toBe(1);
    expect(paths).toHaveLength(302);
    expect(paths).toContain('/small/*');
    expect(paths).toContain('/web/x.jpg');
  });

  it('goes down into folders as far as it may', () => {
    const keys = ['a', 'b', 'c'].flatMap((name) => many(`small/2024/${name}/`, 2000));
    expect(folded(keys)).toEqual({ paths: ['/small/2024/a/*', '/small/2024/b/*', '/small/2024/c/*'], wildcards: 3 });
  });

  it('takes a folder as a whole whose content is not known', () => {
    const replaced = new ReplacedPaths();
    replaced.add('small/a.jpg');
    replaced.addFolder('small/');
    replaced.addFolder('large/');
    replaced.add('web/a.jpg');
    expect(replaced.fold('/i/')).toEqual({ paths: ['/i/large/*', '/i/small/*', '/i/web/a.jpg'], wildcards: 2 });
    const whole = new ReplacedPaths();
    whole.addFolder('');
    expect(whole.fold('/i/')).toEqual({ paths: ['/i/*'], wildcards: 1 });
  });

  it('keeps a bounded number of paths, whatever comes', () => {
    const replaced = new ReplacedPaths();
    for (let i = 0; i < 200_000; i++) replaced.add(`small/${i % 9}/${i % 5000}/${i}.jpg`);
    expect(replaced.count).toBe(200_000);
    const { paths, wildcards } = replaced.fold('/');
    expect(wildcards).toBe(9);
    expect(paths).toEqual(Array.from({ length: 9 }, (_, i) => `/small/${i}/*`));
  });

  it('keeps a bounded number of folders as well, where each file is in one of its own', () => {
    const replaced = new ReplacedPaths();
    let most = 0;
    for (let i = 0; i < 500_000; i++) {
      replaced.add(`small/${i}/x.jpg`);
      if (i % 10_000 === 0) most = Math.max(most, replaced.kept);
    }
    expect(replaced.count).toBe(500_000);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(50_000);
    expect(replaced.fold('/')).toEqual({ paths: ['/small/*'], wildcards: 1 });
  });

  it('keeps nothing of folders within one that is taken as a whole', () => {
    const replaced = new ReplacedPaths();
    replaced.addFolder('small/');
    for (let i = 0; i < 10; i++) replaced.addFolder(`small/${i}/`);
    expect(replaced.kept).toBe(1);
    expect(replaced.fold('/')).toEqual({ paths: ['/small/*'], wildcards: 1 });
  });

  it('covers all that was added, within what is free and what CloudFront takes at one time', () => {
    const name = fc.constantFrom('a', 'b', 'c*', 'd é', 'e@2x', 'f+~', '…');
    const folder = fc.array(name, { maxLength: 3 });
    const block = fc.tuple(folder, fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
        const keys = blocks.flatMap(([names, count, folders]) => Array.from({ length: count }, (_, i) => [...names, `f${i % folders}`, `${i}.jpg`].join('/')));
        const { paths, wildcards } = folded(keys, '/base/');
        expect(paths.length).toBeLessThanOrEqual(MOST_PATHS);
        expect(wildcards).toBeLessThanOrEqual(MOST_WILDCARDS);
        expect(paths.filter((path) => path.endsWith('*'))).toHaveLength(wildcards);
        expect(new Set(paths).size).toBe(paths.length);
        expect(paths.filter((path) => !isWritten(path))).toEqual([]);
        const exact = new Set(paths.filter((path) => !path.endsWith('*')).map(decoded));
        const whole = paths.filter((path) => path.endsWith('*'));
        for (const key of keys) expect(exact.has(`/base/${key}`) || whole.some((path) => covers(path, `/base/${key}`))).toBe(true);
        if (new Set(keys).size <= MOST_PATHS) expect(wildcards).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
