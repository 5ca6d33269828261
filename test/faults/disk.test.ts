import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { someMade, workspace } from '../cli/imgvar.js';
import { folderSide } from '../cli/sides.js';
import { mountDisk, NO_DISKS } from './disk.js';
import { expectComplete, expectStopped, stopsAndResumes } from './endure.js';
import { expectWhole, worldOf } from './world.js';

vi.setConfig({ testTimeout: 300_000 });

const COUNT = 100;

/** A folder of originals, and one of variants on a disk of its own. */
async function diskWorld(options: string) {
  const cwd = await workspace();
  const folder = path.join(cwd, 'variants');
  await mkdir(folder);
  const disk = await mountDisk(folder, options);
  const world = await worldOf(folderSide(path.join(cwd, 'originals')), disk.side, { count: COUNT, within: disk.within });
  return { disk, world };
}

// The reason is told in the name, as a skipped test has no other.
describe.skipIf(NO_DISKS !== null)(`disks${NO_DISKS === null ? '' : `: ${NO_DISKS}`}`, () => {
  test('the disk of the variants is full in the middle: one sentence, exit 2, nothing torn; with room the same command goes on', async () => {
    // A page of 4 KiB for each small file: of 200 variants, some 90 have room.
    const { disk, world } = await diskWorld('size=400k');
    const ended = await world.run();
    const made = await world.variants.keys();
    expect(made.length).toBeGreaterThan(20);
    expect(made.length).toBeLessThan(COUNT * 2);
    await stopsAndResumes(world, 'full disk', 'location-unwritable', ended, () => disk.remount('size=32m'));
  });

  test('the disk of the variants becomes read-only in the middle: one sentence, exit 2; writable again the same command goes on', async () => {
    const { disk, world } = await diskWorld('size=32m');
    const running = world.start();
    await someMade(running, 40);
    await disk.remount('ro');
    await stopsAndResumes(world, 'read-only disk', 'location-unwritable', await running.ended, () => disk.remount('rw'));
  });

  test('a read-only folder of variants: one sentence, exit 2, before any work', async () => {
    const { disk, world } = await diskWorld('size=32m');
    await disk.remount('ro');
    const ended = await world.run();
    expectStopped(ended, 'location-unwritable');
    expect(ended.json()).toHaveLength(1);
    expect(await world.variants.own()).toEqual([]);
  });

  test('a read-only folder of originals is all right', async () => {
    const cwd = await workspace();
    const folder = path.join(cwd, 'originals');
    await mkdir(folder);
    const disk = await mountDisk(folder, 'size=32m');
    const variants = folderSide(path.join(cwd, 'variants'));
    const world = await worldOf(disk.side, variants, { count: 10, within: disk.within });
    await disk.remount('ro');
    expectComplete(await world.run(), 10);
    await expectWhole(world);
    expect(await readdir(variants.location)).toContain('.imgvar');
  });
});
