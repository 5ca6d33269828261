import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { imgvar, workspace, type Ended } from './imgvar.js';
import { photo } from './pictures.js';
import type { Side } from './sides.js';

/** 20,000 with `npm run test:verify`. */
const COUNT = Number(process.env['IMGVAR_VERIFY_ORIGINALS'] ?? 30);

interface Place {
  readonly o: Side;
  readonly v: Side;
  readonly env: NodeJS.ProcessEnv;
}

/** `code key` of what was done to variants that were all right. */
interface Planted {
  readonly listed: readonly string[];
  /** What only their content tells. */
  readonly hidden: readonly string[];
}

/**
 * imgvar verify and prune, of damage that was planted.
 *
 * @param looked requests for originals and variants themselves since it was last emptied, where they can be counted
 */
export function verifying(name: string, open: (cwd: string) => Promise<Place>, looked: () => string[] = () => []): void {
  describe(`imgvar verify, ${name}`, () => {
    test('finds exactly what was planted, --fix mends it, and then all is right', async () => {
      const cwd = await workspace();
      const { o, v, env } = await open(cwd);
      await writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ originals: o.location, variants: v.location, specs: { small: { width: 20 }, web: { width: 30, format: 'webp' } } }));
      const run = (...args: string[]): Promise<Ended> => imgvar([...args, '--json'], cwd, env);
      await fill(o);
      expect((await run('reprocess', '-y')).code).toBe(0);
      expect((await run('verify')).code).toBe(0);
      await o.age();
      await v.age();
      const { listed, hidden } = await plant(o, v);

      // With its times turned back, the root passes for one that was copied: hence --adopt.
      looked().length = 0;
      const plain = await run('verify', '--adopt');
      expect([plain.code, findings(plain)]).toEqual([3, listed]);
      expect(looked()).toEqual([]);

      const deep = await run('verify', '--deep', '--adopt');
      expect([deep.code, findings(deep)]).toEqual([3, [...listed, ...hidden].sort()]);
      expect(verified(deep)).toMatchObject({ originals: COUNT - 1, isRight: false, read: COUNT - 3 });

      const fixed = await run('verify', '--deep', '--fix', '--adopt');
      expect(fixed.code, fixed.stderr).toBe(0);
      expect(fixed.json().at(-1)).toMatchObject({ type: 'summary', made: 5 + hidden.length, failed: 0, complete: true });

      const again = await run('verify', '--deep');
      expect([again.code, findings(again, ['orphaned', 'foreign'])]).toEqual([0, []]);
      expect(verified(again)).toMatchObject({ isRight: true, right: { count: 2 * (COUNT - 1) } });
      expect((await run('verify', '--strict')).code).toBe(3);

      const pruned = await run('prune', '--yes', '--max-delete', '2');
      expect(pruned.code, pruned.stderr).toBe(0);
      const removed = pruned.json().filter(({ type }) => type === 'removal').map(({ result, key }) => `${String(result)} ${String(key)}`).sort();
      expect(removed).toEqual(listed.filter((one) => one.startsWith('original-gone ')).map((one) => one.replace('original-gone', 'removed')));
      expect(findings(await run('verify'))).toEqual(listed.filter((one) => one.startsWith('foreign ')));
    }, 3_600_000);
  });
}

async function fill(o: Side): Promise<void> {
  const photos = await Promise.all(Array.from({ length: 16 }, (_, i) => photo(i)));
  const waiting = Array.from({ length: COUNT }, (_, i) => i);
  const lane = async (): Promise<void> => {
    for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) await o.put(`${i}.jpg`, photos[i % 16] ?? '');
  };
  await Promise.all(Array.from({ length: 16 }, lane));
}

function findings(ended: Ended, but: readonly string[] = []): string[] {
  return ended.json().filter(({ type, kind }) => type === 'finding' && !but.includes(String(kind))).map(({ code, key, original }) => `${String(code)} ${String(key ?? original)}`).sort();
}

function verified(ended: Ended): Record<string, unknown> | undefined {
  return ended.json().find(({ type }) => type === 'verified');
}

async function plant(o: Side, v: Side): Promise<Planted> {
  const small = (n: number): string => `small/${n}.jpg`;
  const web = (n: number): string => `web/${n}.jpg.webp`;
  const other = Buffer.from('not a picture');
  // Content first: what is written now is newer than its original all the same.
  const whole = await v.read(small(1));
  await v.put(small(1), whole.subarray(0, Math.floor(whole.length / 2)));
  await v.put(small(2), await v.read(web(2)));
  await v.put(small(3), await o.read('3.jpg'));
  await v.put(small(4), other);
  for (const key of [small(5), web(5), web(6)]) await v.remove(key);
  await o.put('7.jpg', await photo(17));
  await o.remove('8.jpg');
  await v.put('notes.txt', other);
  await v.put('elsewhere/0.jpg', other);
  return {
    listed: [
      ...[small(5), web(5), web(6)].map((key) => `missing ${key}`),
      ...[small(7), web(7)].map((key) => `original-newer ${key}`),
      ...[small(8), web(8)].map((key) => `original-gone ${key}`),
      'foreign notes.txt',
      'foreign elsewhere/0.jpg',
    ].sort(),
    hidden: [`variant-corrupt ${small(1)}`, `wrong-format ${small(2)}`, `wrong-size ${small(3)}`, `variant-corrupt ${small(4)}`].sort(),
  };
}
