import { cp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'vitest';
import { imgvar, workspace } from '../cli/imgvar.js';
import { corners, photo } from '../corpus/pictures.js';
import { done, originalsIn, startSystem } from './system.js';

// Each mostly waits for programs to start.
describe.concurrent('imgvar dev, from start to end', () => {
  test('what came while it was not running is made when it starts, and nothing else', async ({ expect, onTestFinished }) => {
    const cwd = await workspace({}, onTestFinished);
    const first = await startSystem({}, onTestFinished, cwd);
    for (const key of ['whole.jpg', 'first.jpg']) await first.put(key, await photo('rocket.jpg'));
    for (const key of ['whole.jpg', 'first.jpg']) await done(first, key);
    expect((await first.stop()).code).toBe(0);
    await cp(path.join(originalsIn(first), 'first.jpg'), path.join(originalsIn(first), 'second.jpg'));
    await rm(path.join(first.folder, 'variants/small/first.jpg'));
    const second = await startSystem({}, onTestFinished, cwd);
    await done(second, 'first.jpg');
    await done(second, 'second.jpg');
    expect((await second.stop('SIGTERM')).code).toBe(0);
    expect(second.lines.filter(({ type }) => type === 'uploaded').map(({ original }) => original)).toEqual(['first.jpg', 'second.jpg']);
  });

  test('variants of a spec that has changed are made again when it starts', async ({ expect, onTestFinished }) => {
    const config = (width: number): string => JSON.stringify({ specs: { small: { width }, card: { width: 30 } } });
    const cwd = await workspace({ 'imgvar.config.json': config(20), 'imgvar-dev/originals/a.png': await corners(60, 40).png().toBuffer() }, onTestFinished);
    const first = await startSystem({}, onTestFinished, cwd);
    await done(first, 'a.png');
    await first.stop();
    await writeFile(path.join(cwd, 'imgvar.config.json'), config(21));
    const before = await first.file('variants/small/a.png');
    const second = await startSystem({}, onTestFinished, cwd);
    await done(second, 'a.png');
    await second.stop();
    expect(await second.file('variants/small/a.png')).not.toEqual(before);
    const reprocessed = await imgvar(['reprocess', 'imgvar-dev/originals', 'imgvar-dev/variants', '--json'], cwd);
    expect(reprocessed.json().at(-1)).toMatchObject({ upToDate: 1, due: 0 });
    await rename(path.join(cwd, 'imgvar-dev'), path.join(cwd, 'moved'));
    expect((await imgvar(['dev', 'moved', '--port', '0', '--json'], cwd)).json()).toMatchObject([{ type: 'error', code: 'ledger-mismatch' }]);
  });

  test('imgvar dev --port of another, of none, and in what is no folder', async ({ expect, onTestFinished }) => {
    const { port } = await startSystem({}, onTestFinished);
    const cwd = await workspace({ file: '' }, onTestFinished);
    const refused = async (...args: string[]) => (await imgvar(['dev', '--json', ...args], cwd)).json();
    const told = await Promise.all([refused('--port', String(port)), refused('--port', '70000'), refused('--port', '0', 'file')]);
    expect(told.flat().map(({ code }) => code)).toEqual(['port-taken', 'usage', 'location-not-a-folder']);
  });
});
