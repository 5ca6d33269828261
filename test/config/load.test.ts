import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { DEFAULT_LIMITS } from '../../src/model/limits.js';
import { inFolder, loadText, problemsIn, userErrorOf } from './support.js';

const LEVELS = ['xlarge', 'large', 'medium', 'small', 'square-medium', 'square-small'];
const names = (config: { specs: readonly { name: string }[] }): string[] => config.specs.map(({ name }) => name);

describe('which config it is', () => {
  test('none: the defaults, which nobody chose', async () => {
    await inFolder(async (cwd) => {
      const config = await loadConfig({ cwd });
      expect(config).toMatchObject({ source: 'defaults', layout: '{variant}/{path}', engine: 'local', limits: DEFAULT_LIMITS });
      expect(config.originals).toBeUndefined();
      expect(names(config)).toEqual(LEVELS);
    });
  });

  test('a preset', async () => {
    await inFolder(async (cwd) => {
      const config = await loadConfig({ cwd, preset: 'levels' });
      expect(config.source).toBe('preset levels');
      expect(config.specs.map(({ name, width, height, fit }) => [name, width, height, fit])).toEqual([
        ['xlarge', 2048, 2048, 'inside'],
        ['large', 1280, 1280, 'inside'],
        ['medium', 800, 800, 'inside'],
        ['small', 400, 400, 'inside'],
        ['square-medium', 500, 500, 'cover'],
        ['square-small', 150, 150, 'cover'],
      ]);
    });
  });

  test.each(['nope', 'toString', ''])('a preset that does not exist: %j', async (preset) => {
    expect((await userErrorOf(loadText('{"specs": {"a": {}}}', preset))).code).toBe('usage');
  });

  test('the nearest one upwards; its locations are relative to it', async () => {
    await inFolder(async (folder) => {
      const deep = path.join(folder, 'a', 'b');
      await mkdir(path.join(deep, 'c', 'imgvar.config.json'), { recursive: true });
      await writeFile(path.join(folder, 'imgvar.config.json'), '{"specs": {"outer": {}}}');
      await writeFile(
        path.join(folder, 'a', 'imgvar.config.json'),
        '{"originals": "./in", "variants": "../out/", "backup": "s3://bucket/b", "specs": {"inner": {}}}',
      );
      const config = await loadConfig({ cwd: path.join(deep, 'c') });
      expect(config.source).toBe(path.join(folder, 'a', 'imgvar.config.json'));
      expect(names(config)).toEqual(['inner']);
      expect(config.originals).toEqual({ kind: 'folder', path: path.join(folder, 'a', 'in') });
      expect(config.variants).toEqual({ kind: 'folder', path: path.join(folder, 'out') });
      expect(config.backup).toEqual({ kind: 's3', bucket: 'bucket', prefix: 'b/' });
    });
  });

  test('the one that is named, relative to the working folder', async () => {
    await inFolder(async (folder) => {
      await mkdir(path.join(folder, 'a'));
      await writeFile(path.join(folder, 'imgvar.config.json'), '{"specs": {"found": {}}}');
      await writeFile(path.join(folder, 'a', 'other.json'), '{"originals": "in", "specs": {"named": {}}}');
      const config = await loadConfig({ cwd: folder, file: 'a/other.json' });
      expect(names(config)).toEqual(['named']);
      expect(config.originals).toEqual({ kind: 'folder', path: path.join(folder, 'a', 'in') });
    });
  });

  test.each(['none.json', 'none/config.json', 'there/config.json'])('one that does not exist: %s', async (file) => {
    await inFolder(async (cwd) => {
      await writeFile(path.join(cwd, 'there'), '');
      expect(await userErrorOf(loadConfig({ cwd, file }))).toMatchObject({ code: 'config-not-found', message: expect.stringContaining(file) });
    });
  });

  test.each(['{"originals": "in", "layout": "{path}/{variant}", "specs": {"mine": {}}}', '{"originals": "in", "layout": "{path}/{variant}"}'])(
    "a preset's specs take the place of the config's, and all else stays: %s",
    async (text) => {
      const config = await loadText(text, 'levels');
      expect(names(config)).toEqual(LEVELS);
      expect(config.layout).toBe('{path}/{variant}');
      expect(config.originals).toMatchObject({ path: expect.stringMatching(/in$/) });
      expect(config.source).toMatch(/imgvar\.config\.json$/);
    },
  );
});

describe('what is in it', () => {
  test('everything that can be written', async () => {
    const config = await loadText(
      JSON.stringify({
        $schema: './node_modules/imgvar/schema.json',
        originals: 's3://levels-originals/uploads/images/original',
        variants: 's3://levels-processed/uploads/images/',
        backup: 's3://levels-backup',
        layout: '{dir}/{name}-{variant}.{ext}',
        specs: { b: { width: 1 }, a: { height: 2 } },
        engine: 'lambda',
        lambda: { function: 'imgvar-resize' },
        limits: { pixels: 1, bytes: 2, seconds: 3, allow: ['svg', 'svg'] },
      }),
    );
    expect(config).toMatchObject({
      originals: { kind: 's3', bucket: 'levels-originals', prefix: 'uploads/images/original/' },
      variants: { kind: 's3', bucket: 'levels-processed', prefix: 'uploads/images/' },
      backup: { kind: 's3', bucket: 'levels-backup', prefix: '' },
      layout: '{dir}/{name}-{variant}.{ext}',
      engine: 'lambda',
      lambdaFunction: 'imgvar-resize',
      limits: { pixels: 1, bytes: 2, seconds: 3, allow: ['svg'] },
    });
    expect(names(config)).toEqual(['b', 'a']);
  });

  test('one limit leaves the others as they are', async () => {
    expect((await loadText('{"specs": {"a": {}}, "limits": {"seconds": 7}}')).limits).toEqual({ ...DEFAULT_LIMITS, seconds: 7 });
  });

  test('it is frozen throughout', async () => {
    const config = await loadText('{"originals": "in", "specs": {"a": {"keep": ["icc"]}}}');
    for (const part of [config, config.originals, config.specs, config.specs[0], config.specs[0]?.keep, config.limits, config.limits.allow]) {
      expect(part).toBeDefined();
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe('what is wrong is named by its path', () => {
  const specs = { a: {} };
  test.each<[unknown, string[]]>([
    [null, ['the file']],
    [[], ['the file']],
    ['text', ['the file']],
    [{ specs: [] }, ['specs']],
    [{ specs: { a: 5 } }, ['specs.a']],
    [{ specs, originals: 5 }, ['originals']],
    [{ specs, originals: '' }, ['originals']],
    [{ specs, variants: 's3://' }, ['variants']],
    [{ specs, backup: 'https://example.org' }, ['backup']],
    [{ specs, layout: '{path}' }, ['layout']],
    [{ specs, layout: 5 }, ['layout']],
    [{ specs: { small: {}, 'x-small': {} }, layout: '{path}-{variant}' }, ['layout']],
    [{ specs, engine: 'cloud' }, ['engine']],
    [{ specs, lambda: { function: '' } }, ['lambda.function']],
    [{ specs, lambda: { functions: 'x' } }, ['lambda.functions']],
    [{ specs, limits: null }, ['limits']],
    [{ specs, limits: { pixels: 0 } }, ['limits.pixels']],
    [{ specs, limits: { bytes: 2 ** 31 } }, ['limits.bytes']],
    [{ specs, limits: { seconds: 0.5 } }, ['limits.seconds']],
    [{ specs, limits: { seconds: 3601 } }, ['limits.seconds']],
    [{ specs, limits: { allow: ['pdf'] } }, ['limits.allow[0]']],
    [{ specs, 'my field': 1 }, ['["my field"]']],
    [{ spec: specs, engine: 5 }, ['specs', 'engine', 'spec']],
  ])('%j: %j', async (config, paths) => {
    expect((await problemsIn(JSON.stringify(config))).map(({ path: where }) => where)).toEqual(paths);
  });

  test('with what was found and what is allowed', async () => {
    const [problem] = await problemsIn('{"specs": {"a": {"width": "12px"}}}');
    expect(problem?.says).toContain('"12px"');
    expect(problem?.says).toContain('1 to 16383');
    const [engine] = await problemsIn('{"specs": {"a": {}}, "engine": {"name": "local"}}');
    expect(engine?.says).toContain('an object');
    expect(engine?.says).toContain('"local", "lambda"');
  });

  test('a long value is cut, and control characters are escaped', async () => {
    const [problem] = await problemsIn(JSON.stringify({ specs: { a: {} }, engine: `\u001b[31m${'x'.repeat(5_000)}` }));
    expect(problem?.says.length).toBeLessThan(200);
    expect(problem?.says).toContain('\\u001b');
  });

  test.each<[string, string]>([
    ['{"specs": {"a": {"widht": 5}}}', 'width'],
    ['{"specs": {"a": {"CACHECONTROL": 5}}}', 'cacheControl'],
    ['{"specs": {"a": {}}, "orignals": "x"}', 'originals'],
    ['{"specs": {"a": {}}, "limits": {"second": 5}}', 'seconds'],
  ])('%s: did you mean %s?', async (text, meant) => {
    const [problem] = await problemsIn(text);
    expect(problem?.says).toContain(`did you mean "${meant}"`);
  });

  test('a field that is like none is answered with all that there are', async () => {
    const [problem] = await problemsIn('{"specs": {"a": {}}, "limits": {"ms": 5}}');
    expect(problem?.says).not.toContain('did you mean');
    expect(problem?.says).toContain('pixels, bytes, seconds, allow');
  });

  test('__proto__ is an unknown field like any other, and changes nothing', async () => {
    expect((await problemsIn('{"specs": {"a": {}}, "__proto__": {"engine": "lambda"}}')).map(({ path: where }) => where)).toEqual(['__proto__']);
    expect((await problemsIn('{"specs": {"a": {"__proto__": {"width": 5}}}}')).map(({ path: where }) => where)).toEqual(['specs.a.__proto__']);
    expect(({} as Record<string, unknown>)['width']).toBeUndefined();
  });
});
