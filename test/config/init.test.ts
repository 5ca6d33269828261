import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeStarterConfig } from '../../src/config/init.js';
import { loadConfig } from '../../src/config/load.js';
import { inFolder, userErrorOf } from './support.js';

test('the starter config is written as a person would, and loads', async () => {
  await inFolder(async (folder) => {
    const file = await writeStarterConfig(folder);
    expect(file).toBe(path.join(folder, 'imgvar.config.json'));
    expect(await readFile(file, 'utf8')).toBe(`{
  "$schema": "./node_modules/imgvar/schema.json",
  "originals": "./originals",
  "variants":  "./variants",
  "layout":    "{variant}/{path}",
  "specs": {
    "xlarge":        { "width": 2048, "height": 2048, "fit": "inside" },
    "large":         { "width": 1280, "height": 1280, "fit": "inside" },
    "medium":        { "width": 800,  "height": 800,  "fit": "inside" },
    "small":         { "width": 400,  "height": 400,  "fit": "inside" },
    "square-medium": { "width": 500,  "height": 500,  "fit": "cover" },
    "square-small":  { "width": 150,  "height": 150,  "fit": "cover" }
  }
}
`);
    const config = await loadConfig({ cwd: folder });
    expect(config.originals).toEqual({ kind: 'folder', path: path.join(folder, 'originals') });
    expect(config.variants).toEqual({ kind: 'folder', path: path.join(folder, 'variants') });
    const preset = await loadConfig({ cwd: path.parse(folder).root, preset: 'levels' });
    expect({ ...config, source: '', originals: undefined, variants: undefined }).toEqual({ ...preset, source: '' });
  });
});

test('a config that is there is left as it is', async () => {
  await inFolder(async (folder) => {
    await writeFile(path.join(folder, 'imgvar.config.json'), 'mine');
    expect((await userErrorOf(writeStarterConfig(folder))).code).toBe('config-exists');
    expect(await readFile(path.join(folder, 'imgvar.config.json'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['imgvar.config.json']);
  });
});

test('a folder that is not there is not made', async () => {
  await inFolder(async (folder) => {
    expect((await userErrorOf(writeStarterConfig(path.join(folder, 'none')))).code).toBe('location-missing');
  });
});
