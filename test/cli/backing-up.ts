import { setTimeout as sleep } from 'node:timers/promises';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { uglyKeys } from './keys.js';
import { imgvar, start, summaryOf, workspace, type Ended } from './imgvar.js';
import type { Side } from './sides.js';
import type { Kind } from './world.js';

/** 5,000 with `npm run test:backup`. */
const COUNT = Number(process.env['IMGVAR_BACKUP_ORIGINALS'] ?? 80);

interface Place {
  readonly o: Side;
  readonly b: Side;
  readonly v: Side;
  readonly env: NodeJS.ProcessEnv;
}

/** imgvar backup and restore, from one kind of location to the same. */
export function backingUp(kind: Kind, open: (cwd: string) => Promise<Place>): void {
  const opened = async () => {
    const cwd = await workspace();
    const place = await open(cwd);
    const { o, b, v, env } = place;
    await writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ originals: o.location, variants: v.location, backup: b.location, specs: { small: { width: 9 } }, leaseSeconds: 2 }));
    const run = (...args: string[]): Promise<Ended> => imgvar([...args, '--json'], cwd, env);
    return { ...place, cwd, run };
  };
  const contents = async (side: Side): Promise<Record<string, string>> =>
    Object.fromEntries(await Promise.all((await side.keys()).map(async (key) => [key, (await side.read(key)).toString('latin1')])));
  const fill = async (o: Side, count: number): Promise<void> => {
    for (let i = 0; i < count; i += 16) await Promise.all(Array.from({ length: Math.min(16, count - i) }, (_, j) => o.put(`d${(i + j) % 7}/${i + j}.jpg`, `content of ${i + j}`)));
  };

  describe(`imgvar backup and restore, from ${kind} to ${kind}`, () => {
    test('copies what has no copy, byte for byte, whatever the keys are; a second run copies nothing', async () => {
      const { o, b, run } = await opened();
      await fill(o, 40);
      const ugly = uglyKeys(kind, kind, {});
      for (const key of ugly) await o.put(key, `content of ${key}`);
      const dry = await run('backup', '--dry-run');
      expect(summaryOf(dry)).toMatchObject({ originals: 40 + ugly.length, due: 40 + ugly.length });
      expect(await b.keys()).toEqual([]);
      const first = await run('backup', '-y');
      expect(first.code, first.stderr).toBe(0);
      expect(first.json()[0]).toMatchObject({ type: 'run', command: 'backup' });
      expect(summaryOf(first)).toMatchObject({ made: 40 + ugly.length, failed: 0, complete: true });
      expect(await contents(b)).toEqual(await contents(o));
      expect(await b.own()).toEqual([]);
      expect(summaryOf(await run('backup', '-y'))).toMatchObject({ due: 0, upToDate: 40 + ugly.length });
      expect((await run('backup', '--verify')).code).toBe(0);
    });

    test('brings back what is gone, and nothing in place of what is there', async () => {
      const { o, b, run } = await opened();
      await fill(o, 30);
      expect((await run('backup', '-y')).code).toBe(0);
      const before = await contents(o);
      const keys = await o.keys();
      for (const key of keys.slice(0, 20)) await o.remove(key);
      const [one = '', other = ''] = keys.slice(20);
      await o.put(one, 'newer content');

      expect((await run('restore')).code).toBe(2);
      expect(summaryOf(await run('restore', '--all', '--dry-run'))).toMatchObject({ due: 20 });
      const given = await run('restore', keys[0] ?? '', one, other, 'never/was.jpg');
      expect(given.code).toBe(3);
      expect(given.json().filter(({ result }) => result === 'failed').map(({ original, code }) => [original, code])).toEqual(
        expect.arrayContaining([[one, 'original-present'], ['never/was.jpg', 'original-missing']]),
      );
      const all = await run('restore', '--all', '-y');
      expect([all.code, summaryOf(all)?.['made']]).toEqual([0, 19]);
      expect(await contents(o)).toEqual({ ...before, [one]: 'newer content' });
      expect((await run('restore', one, '--overwrite')).code).toBe(0);
      expect(await contents(o)).toEqual(before);
      expect(await contents(b)).toEqual(before);
      expect(await o.own()).toEqual([]);
    });

    test('--verify tells what is missing, what differs, and what has no original any more', async () => {
      const { o, b, run } = await opened();
      await fill(o, 12);
      expect((await run('backup', '-y')).code).toBe(0);
      const [gone = '', spoilt = '', orphan = ''] = await b.keys();
      await b.remove(gone);
      await b.put(spoilt, (await b.read(spoilt)).toString().replace('content', 'CONTENT'));
      await o.remove(orphan);
      const ended = await run('backup', '--verify');
      expect(ended.code).toBe(3);
      const found = ended.json().filter(({ type }) => type === 'finding').map(({ code, key }) => [code, key]);
      expect(found.sort()).toEqual([['copy-differs', spoilt], ['missing', gone], ['original-gone', orphan]].sort());
      // What it says to do does it; and the other way round, an original that was spoilt without another size is seen as well.
      expect((await run('backup', '-y', '--replace')).code).toBe(0);
      expect((await run('backup', '--verify')).code).toBe(0);
      const whole = (await o.read(spoilt)).toString();
      await o.put(spoilt, whole.replace('content', 'CONTENT'));
      expect((await run('restore', '--prefix', spoilt, '-y', '--overwrite')).code).toBe(0);
      expect((await o.read(spoilt)).toString()).toBe(whole);
    });

    test(`${COUNT} originals, killed again and again: the same command goes on, and every copy is whole`, async () => {
      const { o, b, run, cwd, env } = await opened();
      await fill(o, COUNT);
      for (let kill = 0; kill < 2; kill++) {
        const { child, ended } = start(['backup', '-y', '--json', '--concurrency', '4'], cwd, env);
        let outcomes = 0;
        const enough = new Promise<void>((resolve) => child.stdout?.on('data', (text: string) => (outcomes += text.split('"outcome"').length - 1) > COUNT / 5 && resolve()));
        await Promise.race([enough, ended]);
        child.kill('SIGKILL');
        await ended;
        await sleep(2_200);
      }
      const last = await run('backup', '-y');
      expect(last.code, last.stderr).toBe(0);
      expect(summaryOf(last)).toMatchObject({ failed: 0, complete: true });
      expect(await contents(b)).toEqual(await contents(o));
      expect((await run('backup', '--verify')).code).toBe(0);
      expect(summaryOf(await run('backup', '-y'))).toMatchObject({ due: 0 });
    }, 900_000);
  });
}
