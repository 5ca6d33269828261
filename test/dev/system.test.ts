import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesIn } from '../cli/imgvar.js';
import { corners, photo } from '../corpus/pictures.js';
import { about, done, originalsIn, SPECS, startSystem, type System } from './system.js';

const variantsOf = (key: string): string[] => SPECS.map((spec) => `${spec}/${key}`).sort();

describe('imgvar dev', () => {
  let system: System;
  beforeAll(async () => {
    const cleanUps: (() => Promise<void>)[] = [];
    system = await startSystem({}, (clean) => cleanUps.unshift(clean));
    return async () => {
      for (const clean of cleanUps) await clean();
    };
  });

  test('an upload by HTTP is delivered at once, then come six variants and a backup', async () => {
    const bytes = await photo('rocket.jpg');
    const answer = await system.put('by http.jpg', bytes);
    expect(answer.status).toBe(201);
    const original = await system.get('/uploads/images/original/by%20http.jpg');
    expect(Buffer.from(await original.arrayBuffer()).equals(bytes)).toBe(true);
    expect([original.status, original.headers.get('etag')]).toEqual([200, answer.headers.get('etag')]);
    await done(system, 'by http.jpg');
    expect(await filesIn(path.join(system.folder, 'variants'))).toEqual(variantsOf('by http.jpg'));
    expect(await system.file('backup/by http.jpg')).toEqual(bytes);
    expect((await system.get('/uploads/images/small/by%20http.jpg')).status).toBe(200);
    expect(system.lines.map(({ type }) => type).filter((type) => type !== 'backed-up')).toEqual(['dev', 'uploaded', 'made']);
  });

  test('a file that is put into the folder is one, however slowly it comes', async () => {
    const bytes = await photo('coffee.png');
    await mkdir(path.join(originalsIn(system), 'slow'));
    const file = path.join(originalsIn(system), 'slow/coffee.png');
    for (let at = 0; at < bytes.length; at += 60_000) {
      await appendFile(file, bytes.subarray(at, at + 60_000));
      await sleep(50);
    }
    await system.line((line) => about('made', 'slow/coffee.png')(line) && line['bytes'] !== 0);
    await system.line(about('backed-up', 'slow/coffee.png'));
    await expect.poll(async () => (await system.file('backup/slow/coffee.png'))?.equals(bytes)).toBe(true);
    expect(await system.file('variants/square-small/slow/coffee.png')).toBeDefined();
  });

  test('an original that is replaced is made and backed up again', async () => {
    await system.put('replaced.png', await corners(300, 200).png().toBuffer());
    await done(system, 'replaced.png');
    const before = await system.file('variants/small/replaced.png');
    const told = system.lines.length;
    const after = await corners(200, 300).png().toBuffer();
    await writeFile(path.join(originalsIn(system), 'replaced.png'), after);
    await system.line((line) => about('made', 'replaced.png')(line) && system.lines.indexOf(line) >= told);
    await expect.poll(() => system.file('backup/replaced.png')).toEqual(after);
    expect(await system.file('variants/small/replaced.png')).not.toEqual(before);
  });

  test('an original that is removed is not delivered any more; its variants and its backup stay', async () => {
    const bytes = await corners(60, 40).png().toBuffer();
    await system.put('removed.png', bytes);
    await done(system, 'removed.png');
    await rm(path.join(originalsIn(system), 'removed.png'));
    await system.line(about('removed', 'removed.png'));
    expect((await system.get('/uploads/images/original/removed.png')).status).toBe(404);
    expect((await system.get('/uploads/images/small/removed.png')).status).toBe(200);
    expect(await system.file('backup/removed.png')).toEqual(bytes);
  });

  test('one that is damaged is told and backed up, and has no variants', async () => {
    const bytes = (await photo('rocket.jpg')).subarray(0, 50_000);
    await system.put('damaged.jpg', bytes);
    expect(await system.line(about('failed', 'damaged.jpg'))).toMatchObject({ function: 'resize', variant: null, code: 'corrupt-image', retryable: false });
    await system.line(about('backed-up', 'damaged.jpg'));
    expect(await system.file('backup/damaged.jpg')).toEqual(bytes);
    expect((await system.get('/uploads/images/small/damaged.jpg')).status).toBe(404);
  });

  test('thirty at once, by HTTP and into the folder: nothing is missing, nothing is told twice', async () => {
    const bytes = await corners(90, 60).jpeg().toBuffer();
    const keys = Array.from({ length: 30 }, (_, i) => `burst/${10 + i} #&+é.jpg`);
    await mkdir(path.join(originalsIn(system), 'burst'));
    await Promise.all(keys.map((key, i) => (i % 2 === 0 ? system.put(key, bytes) : writeFile(path.join(originalsIn(system), key), bytes))));
    for (const key of keys) await done(system, key);
    const variants = await filesIn(path.join(system.folder, 'variants'));
    expect(variants.filter((key) => key.includes('/burst/'))).toEqual(keys.flatMap(variantsOf).sort());
    expect((await filesIn(path.join(system.folder, 'backup'))).filter((key) => key.startsWith('burst/'))).toEqual(keys);
    for (const key of keys) expect(system.lines.filter(about('made', key))).toHaveLength(1);
  });

  test('a function whose process ends is started again, and what it had is delivered again', async () => {
    const functions = (): string[] => spawnSync('ps', ['-o', 'pid=', '--ppid', String(system.pid)], { encoding: 'utf8' }).stdout.split('\n').map((pid) => pid.trim()).filter((pid) => pid !== '');
    const bytes = await corners(3000, 2000).png().toBuffer();
    const before = functions();
    expect(before.length).toBeGreaterThan(0);
    // Until one was killed before it was done.
    let key = '';
    for (let i = 0; !system.lines.some(about('redelivery', key)); i++) {
      key = `crash ${i}.png`;
      await system.put(key, bytes);
      for (const pid of functions()) process.kill(Number(pid), 'SIGKILL');
      await done(system, key);
    }
    expect(new Set(system.lines.filter(about('redelivery', key)).map(({ cause }) => cause))).toEqual(new Set(['SIGKILL']));
    expect(await filesIn(path.join(system.folder, 'variants'))).toEqual(expect.arrayContaining(variantsOf(key)));
    expect(functions().some((pid) => before.includes(pid))).toBe(false);
    expect(system.lines.some(({ type }) => type === 'dead-letter')).toBe(false);
  });

  test('the page is told how things are, and of each change', async () => {
    await system.put('seen.png', await corners(60, 40).png().toBuffer());
    await system.put('seen damaged.jpg', (await photo('rocket.jpg')).subarray(0, 50_000));
    await done(system, 'seen.png');
    await system.line(about('failed', 'seen damaged.jpg'));
    const answer = await system.get('/events');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = async (is: () => boolean): Promise<void> => {
      while (!is()) text += (await reader?.read())?.value ?? '';
    };
    await until(() => text.includes('\n\n'));
    const all = JSON.parse(/^event: all\ndata: (.*)\n\n/.exec(text)?.[1] ?? '') as { specs: { name: string }[]; originals: { key: string; variants: { bytes: number }[]; troubles: { code: string }[] }[] };
    expect(all.specs.map(({ name }) => name)).toEqual(SPECS);
    expect(all.originals.find(({ key }) => key === 'seen.png')?.variants.every(({ bytes }) => bytes > 0)).toBe(true);
    expect(all.originals.find(({ key }) => key === 'seen damaged.jpg')?.troubles).toMatchObject([{ code: 'corrupt-image' }]);
    await system.put('told.png', await corners(60, 40).png().toBuffer());
    await until(() => /"key":"told.png".*"isWorkedOn":false.*"isBackedUp":true/.test(text));
    await reader?.cancel();
  });

  test('each function fails by itself, and what failed three times is told as a dead letter', async () => {
    const backup = path.join(system.folder, 'backup');
    await rename(backup, `${backup}-away`);
    await writeFile(backup, 'no folder');
    await system.put('alone.png', await corners(60, 40).png().toBuffer());
    await system.line(about('made', 'alone.png'));
    expect(await system.line(about('dead-letter', 'alone.png'))).toMatchObject({ function: 'backup' });
    expect(system.lines.filter(about('redelivery', 'alone.png'))).toHaveLength(2);
    expect(system.lines.filter(about('failed', 'alone.png'))).toMatchObject(Array(3).fill({ function: 'backup', code: 'write-failed', retryable: true }));
    await rm(backup);
    await rename(`${backup}-away`, backup);
    const told = system.lines.length;
    await system.put('alone.png', await corners(60, 40).png().toBuffer());
    await system.line((line) => about('backed-up', 'alone.png')(line) && system.lines.indexOf(line) >= told);
  });
});
