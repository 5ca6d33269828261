import fc from 'fast-check';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { findRepeatedField } from '../../src/config/repeated-field.js';
import { findSyntaxFault } from '../../src/config/syntax-error.js';
import { inFolder, loadText, userErrorOf } from './support.js';

describe('a field that is there twice is refused with its line: JSON would take the last and say nothing', () => {
  test.each<[string, string, number]>([
    ['{"specs": {"small": {"width": 1},\n "small": {"width": 2}}}', 'small', 2],
    ['{"a": 1, "\\u0061": 2}', 'a', 1],
    ['{"a": [{"b": "{\\"b\\":"}, {"b": 1,\n\n"b"\n: 2}]}', 'b', 3],
  ])('%j', async (text, name, line) => {
    const { code, message } = await userErrorOf(loadText(text));
    expect(code).toBe('config-invalid');
    expect(message).toContain(`line ${line}: "${name}" is there twice`);
  });

  test('and only then', () => {
    for (const value of ['{"a": {"a": {"a": 1}}, "b": "a", "c": ["a", "a", "b:"]}', '[]', '"a"', '{"a:": "\\\\", "b": "\\":"}']) expect(findRepeatedField(value)).toBeNull();
    fc.assert(fc.property(fc.jsonValue(), fc.nat(3), (value, space) => void expect(findRepeatedField(JSON.stringify(value, null, space))).toBeNull()));
  });
});

describe('broken JSON is told with its line and column', () => {
  test.each<[string, number, number, string]>([
    ['', 1, 1, 'a value'],
    ['{', 1, 2, 'a field name in double quotes or }'],
    ['{"a": 1,}', 1, 9, 'a field name in double quotes'],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a comma or }'],
    ['{\r\n  // no\r\n}', 2, 3, 'a field name in double quotes or }'],
    ["{'a': 1}", 1, 2, 'a field name in double quotes or }'],
    ['{"a" 1}', 1, 6, 'a colon'],
    ['{"a": }', 1, 7, 'a value'],
    ['{"a": undefined}', 1, 7, 'a value'],
    ['{"a": .5}', 1, 7, 'a value'],
    ['{"a": 01}', 1, 8, 'a comma or }'],
    ['{"a": "x\ny"}', 1, 7, 'a value'],
    ['{"a": "\\x"}', 1, 7, 'a value'],
    ['[1, 2', 1, 6, 'a comma or ]'],
    ['[1,]', 1, 4, 'a value'],
    ['[1}', 1, 3, 'a comma or ]'],
    ['[}', 1, 2, 'a value or ]'],
    ['{]', 1, 2, 'a field name in double quotes or }'],
    ['{} {}', 1, 4, 'the end of the file'],
    ['{"a": {"b": [{}, []]}} x', 1, 24, 'the end of the file'],
  ])('%j: line %i, column %i', async (text, line, column, expected) => {
    expect(findSyntaxFault(text)).toEqual({ line, column, expected });
    expect(await userErrorOf(loadText(text))).toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining(`line ${line}, column ${column}`),
    });
  });

  test('a fault is found exactly where JSON.parse finds one', () => {
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const token = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"\\u00e9\\n😀\u007f"', '"\\', '1', '-1.5e+3', '01', '-', 'true', 'null', ' ', '\n', '\t', '\u00a0', 'x', '"\u0001"');
    const broken = fc.array(token, { maxLength: 8 }).map((tokens) => tokens.join(''));
    const cut = fc.tuple(fc.json(), fc.nat(40)).map(([text, length]) => text.slice(0, length));
    fc.assert(
      fc.property(fc.oneof(broken, cut, fc.json()), (text) => {
        expect(findSyntaxFault(text) === null).toBe(parses(text));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('what a config file may be', () => {
  test('UTF-8 with a byte order mark', async () => {
    expect((await loadText('\ufeff{"specs": {"a": {}}}')).specs).toHaveLength(1);
  });

  test.each<[string, Uint8Array]>([
    ['UTF-16', Buffer.from('\ufeff{"specs": {"a": {}}}', 'utf16le')],
    ['Latin-1', Buffer.from('{"originals": "ü", "specs": {"a": {}}}', 'latin1')],
    ['more than 1 MiB', Buffer.from(`{"specs": {"a": {}}}${' '.repeat(1024 * 1024)}`)],
  ])('not %s', async (_, content) => {
    expect((await userErrorOf(loadText(content))).code).toBe('config-invalid');
  });

  test('not a folder', async () => {
    await inFolder(async (folder) => {
      expect((await userErrorOf(loadConfig({ cwd: folder, file: '.' }))).code).toBe('config-invalid');
    });
  });

  test.skipIf(process.platform === 'win32')('not a device that never ends', async () => {
    expect((await userErrorOf(loadConfig({ cwd: path.resolve('/'), file: '/dev/zero' }))).code).toBe('config-invalid');
  });

  test.each(['['.repeat(300_000), '['.repeat(300_000) + ']'.repeat(300_000), `{"specs":${'['.repeat(300_000)}${']'.repeat(300_000)}}`])(
    'not one of a great depth',
    async (text) => {
      expect((await userErrorOf(loadText(text))).code).toBe('config-invalid');
    },
  );
});
