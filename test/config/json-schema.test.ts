import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeStarterConfig } from '../../src/config/init.js';
import { configJsonSchema, configJsonSchemaText } from '../../src/config/json-schema.js';
import { PRESETS } from '../../src/config/presets.js';
import { inFolder } from './support.js';

const accepts = addFormats.default(new Ajv({ allErrors: true })).compile(configJsonSchema());

test('schema.json is what the config schema says; if not: npm run schema', async () => {
  const file = path.join(import.meta.dirname, '..', '..', 'schema.json');
  expect(await readFile(file, 'utf8'), 'schema.json is out of date; write it anew with: npm run schema').toBe(configJsonSchemaText());
});

test('it accepts the starter config', async () => {
  await inFolder(async (folder) => {
    const config: unknown = JSON.parse(await readFile(await writeStarterConfig(folder), 'utf8'));
    expect(accepts(config), JSON.stringify(accepts.errors)).toBe(true);
  });
});

describe('it accepts', () => {
  test.each([
    PRESETS.levels,
    {
      $schema: './schema.json',
      originals: 's3://levels-originals/uploads/images/original/',
      variants: 's3://levels-processed/uploads/images/',
      backup: 's3://levels-backup/',
      layout: '{dir}/{name}-{variant}.{ext}',
      specs: { a: { width: 5, height: 5, fit: 'cover', position: 'right top', background: '#abc', format: 'webp', quality: 80, lossless: true, effort: 6, enlarge: true, cacheControl: 'no-store', keep: ['icc'], animated: false } },
      engine: 'lambda',
      lambda: { function: 'imgvar-resize' },
      limits: { pixels: 1, bytes: 1, seconds: 1, allow: ['svg'] },
    },
  ])('%j', (config) => {
    expect(accepts(config), JSON.stringify(accepts.errors)).toBe(true);
  });
});

describe('it refuses, at the field', () => {
  const specs = { a: {} };
  test.each<[unknown, string]>([
    [{}, ''],
    [{ specs: {} }, '/specs'],
    [{ specs: { original: {} } }, '/specs'],
    [{ specs: { 'a b': {} } }, '/specs'],
    [{ specs: { a: { width: 0 } } }, '/specs/a/width'],
    [{ specs: { a: { widht: 1 } } }, '/specs/a'],
    [{ specs: { a: { fit: 'covr' } } }, '/specs/a/fit'],
    [{ specs: { a: { background: 'white' } } }, '/specs/a/background'],
    [{ specs, engine: 'cloud' }, '/engine'],
    [{ specs, limits: { allow: ['pdf'] } }, '/limits/allow/0'],
    [{ specs, other: 1 }, ''],
  ])('%j', (config, at) => {
    expect(accepts(config)).toBe(false);
    expect(accepts.errors?.map(({ instancePath }) => instancePath)).toContain(at);
  });
});

test('every field is described for editors', () => {
  const undescribed: string[] = [];
  const look = (schema: unknown, at: string): void => {
    const { properties = {}, additionalProperties } = schema as { properties?: Record<string, { description?: string }>; additionalProperties?: unknown };
    for (const [name, field] of Object.entries(properties)) {
      if (field.description === undefined) undescribed.push(`${at}.${name}`);
      look(field, `${at}.${name}`);
    }
    if (typeof additionalProperties === 'object') look(additionalProperties, `${at}.*`);
  };
  look(configJsonSchema(), '');
  expect(undescribed).toEqual([]);
});
