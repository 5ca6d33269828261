import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { configJsonSchema } from '../../src/config/json-schema.js';
import { parseLayout } from '../../src/model/layout.js';
import { spec } from '../support.js';
import { loadText, problemsIn } from './support.js';

const text = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'configuration.md'), 'utf8');

describe('docs/configuration.md', () => {
  const examples = [...text.matchAll(/```json\n([^]*?)```/g)].map(([, json = '']) => (json.startsWith('{') ? json : `{${json}}`));

  test.each(examples)('its example is a config: %s', async (json) => {
    const config = json.includes('"specs"') ? json : json.replace('{', '{"specs": {"a": {}}, ');
    expect((await loadText(config)).specs.length).toBeGreaterThan(0);
  });

  test('it has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
  });

  test('its wrong example is told as it says', async () => {
    const problems = await problemsIn('{"specs": {"small": {"width": "400px", "widht": 400}}}');
    expect(problems).toHaveLength(2);
    for (const { path: where, says } of problems) expect(text).toContain(`${where}: ${says}`);
  });

  const rows = [...text.matchAll(/^\| `(.*\{variant\}.*)` \| `(.*)` \| `(.*)` \|$/gm)].map(([, ...cells]) => cells);
  test.each(rows)('its table says what layout %s gives', (template = '', ofFile = '', ofBare = '') => {
    const layout = parseLayout(template, ['small']);
    expect([layout.keyOf('a/b.jpg', spec('small')), layout.keyOf('b', spec('small'))]).toEqual([ofFile, ofBare]);
  });

  test('its table of layouts is there', () => {
    expect(rows.length).toBeGreaterThanOrEqual(5);
  });

  test('it names every field', () => {
    const schema = JSON.stringify(configJsonSchema());
    const fields = [...schema.matchAll(/"([$\w]+)":\{"(?:default|description|type)"/g)].map(([, name = '']) => name);
    expect(fields.length).toBeGreaterThan(20);
    for (const field of new Set(fields)) {
      if (['additionalProperties', 'items', 'propertyNames'].includes(field)) continue;
      expect(text).toMatch(new RegExp(`\`(?:\\w+\\.)?${field.replace('$', '\\$')}\``));
    }
  });
});
