import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { LegacyESLint } from 'eslint/use-at-your-own-risk';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

interface Rule {
  files: string[];
  rules: { 'no-restricted-imports'?: [string, { paths: Named[]; patterns: { group: string[]; message: string }[] }] };
}
interface Named {
  name: string;
  message: string;
}

const { overrides } = require('../.eslintrc.cjs') as { overrides: Rule[] };

const existing = readdirSync(`${root}/src`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** The rooms in their order: a room may import only from those before it. */
const ORDER = ['model', 'plan', 'cost', 'image', 'store', 'checkpoint', 'source', 'work', 'engine', 'stack', 'run', 'report', 'config', 'lambda', 'dev', 'cli'];

function lawOf(room: string) {
  const rule = overrides.find(({ files }) => files.includes(`src/${room}/**/*.ts`))?.rules['no-restricted-imports'];
  if (rule === undefined) throw new Error(`no law for src/${room}`);
  return rule[1];
}

/** Rules that ask for types. They are not about who may import what, and without them a text is linted in no time. */
const typed = Object.keys(overrides.find(({ files }) => files.includes('src/**/*.ts'))?.rules ?? {});

let forTexts: LegacyESLint;
beforeAll(() => {
  const rules = Object.fromEntries(typed.map((rule) => [rule, 'off'] as const));
  forTexts = new LegacyESLint({ cwd: root, extensions: ['.ts'], overrideConfig: { parserOptions: { project: null }, rules } });
});

async function complaints(file: string, code: string): Promise<string> {
  const [result] = await forTexts.lintText(code, { filePath: file });
  return (result?.messages ?? []).map(({ message }) => message).join('\n');
}

function firstFile(room: string): string {
  const [file] = readdirSync(`${root}/src/${room}`).filter((name) => name.endsWith('.ts'));
  return `${root}/src/${room}/${file}`;
}

test('every room has a law, and every law a room', () => {
  expect([...existing].sort()).toEqual([...ORDER].sort());
  for (const room of ORDER) expect(lawOf(room).patterns.length).toBeGreaterThan(0);
});

describe.each(ORDER)('%s/', (room) => {
  test('may import only from rooms below it', () => {
    const closed = lawOf(room).patterns.flatMap(({ group }) => group);
    const above = ORDER.slice(ORDER.indexOf(room) + 1);
    for (const other of above) expect(closed).toContain(`../${other}/*`);
  });

  test('is told why when it breaks the law', async () => {
    const { patterns, paths } = lawOf(room);
    const forbidden = [
      ...patterns.map(({ group, message }) => ({ from: String(group[0]).replace('*', 'anything.js'), message })),
      ...paths.map(({ name, message }) => ({ from: name, message })),
    ];
    const code = forbidden.map(({ from }, index) => `import { env as e${index} } from '${from}';\nexport { e${index} };`).join('\n');
    const [result] = await forTexts.lintText(`${code}\n`, { filePath: firstFile(room) });
    for (const [index, { from, message }] of forbidden.entries()) {
      expect(message.length).toBeGreaterThan(20);
      const told = (result?.messages ?? []).filter(({ line }) => line === 2 * index + 1).map((one) => one.message);
      expect(told.join('\n'), `${room} imports ${from}`).toContain(message);
    }
  });

  test('reads the environment and the console only where it talks to people', async () => {
    const found = await complaints(firstFile(room), 'export const home = process.env;\n');
    if (['cli', 'report', 'lambda'].includes(room)) expect(found).toBe('');
    else expect(found).toContain('cli/, report/ and lambda/ only');
  });
});

test('the sources keep the law', async () => {
  expect(typed).toContain('@typescript-eslint/no-floating-promises');
  // Else the parser watches for changes, as in an editor, which takes twice as long.
  vi.stubEnv('TSESTREE_SINGLE_RUN', 'true');
  onTestFinished(() => void vi.unstubAllEnvs());
  const eslint = new LegacyESLint({ cwd: root, extensions: ['.ts'] });
  const results = await eslint.lintFiles(['src']);
  expect(results.flatMap(({ filePath, messages }) => messages.map(({ message }) => `${filePath}: ${message}`))).toEqual([]);
}, 600_000);
