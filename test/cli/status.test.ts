import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { imgvar, workspace } from './imgvar.js';
import { photo } from './pictures.js';
import { roots, type Kind, type Roots } from './roots.js';

const FORMULA = "=cmd|' /C calc'!A0.jpg";
const ESCAPE = '\u001b[2J.jpg';
const COMMA = 'a, "b".jpg';
const ID = /^\d{8}T\d{9}Z-[0-9a-f]{6}$/;

async function broken(kind: Kind): Promise<Roots> {
  return roots(kind, { [FORMULA]: 'no image', [ESCAPE]: '', [COMMA]: 'no image', 'good.jpg': await photo(1), 'good2.jpg': await photo(2) });
}

async function states(at: Roots): Promise<unknown[]> {
  return (await at.imgvar('status', at.v.location, '--json')).json().map(({ state }) => state);
}

/** The command that is shown below this. */
function shownBelow(text: string, why: string): string {
  return new RegExp(`  ${why}[^\\n]*:\\n    (imgvar [^\\n]+)`).exec(text)?.[1] ?? `nothing below "${why}"`;
}

describe.each<Kind>(['folder', 'bucket'])('looking back, in a %s', (kind) => {
  test('where nothing has run: one sentence each, exit 0, and nothing is made', async () => {
    const at = await roots(kind);
    const before = await at.snapshot();
    for (const [args, sentence] of [
      [['status', at.v.location], /^No runs are remembered in \S.*\.\n$/],
      [['failures', '--to', at.v.location], /^No failures are remembered in \S.*\.\n$/],
      [['status', at.v.location, '--json'], /^$/],
      [['failures', '--to', at.v.location, '--csv'], /^original,variant,code,retryable,message\r\n$/],
    ] as const) {
      const ended = await at.imgvar(...args);
      expect([ended.code, ended.stderr]).toEqual([0, '']);
      expect(ended.stdout).toMatch(sentence);
    }
    expect(await at.snapshot()).toEqual(before);
  });

  test('a run with failures, its sums, and what to type; nothing is written', async () => {
    const at = await broken(kind);
    expect((await at.reprocess()).code).toBe(3);
    const before = await at.snapshot();
    const json = (await at.imgvar('status', at.v.location, '--json')).json();
    expect(json).toMatchObject([
      {
        type: 'run-record', state: 'complete', command: 'reprocess', mode: 'due', specs: ['small'], left: [],
        sums: { originals: 5, due: 5, made: 2, failed: 3, upToDate: 0 },
        failures: { 'unsupported-format': 2, 'empty-original': 1 },
      },
    ]);
    expect(String(json[0]?.['id'])).toMatch(ID);
    expect(Math.abs(Date.now() - Date.parse(String(json[0]?.['startedAt'])))).toBeLessThan(60_000);
    const text = await at.imgvar('status', at.v.location);
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toContain(`${String(json[0]?.['id'])}  complete\n`);
    expect(text.stdout).toMatch(/so far +5 originals, of them 0 up to date\n +2 variants made, 3 failed\n/);
    expect(text.stdout).toContain('unsupported-format 2, empty-original 1\n');
    const failures = await at.line(shownBelow(text.stdout, 'see what failed'));
    expect(failures.code).toBe(0);
    expect(failures.stdout).toContain(`3 failures in run ${String(json[0]?.['id'])}:\n`);
    expect(await at.snapshot()).toEqual(before);
    expect((await at.line(shownBelow(text.stdout, 'try it again'))).code).toBe(3);
    expect(await states(at)).toEqual(['complete', 'complete']);
  });

  test('failures, of keys that mean harm: in lines, as JSON, as CSV', async () => {
    const at = await broken(kind);
    await at.reprocess();
    const run = (await at.imgvar('status', at.v.location, '--json')).json()[0]?.['id'];
    const before = await at.snapshot();
    const text = (await at.imgvar('failures', '--to', at.v.location)).stdout;
    expect(text).toContain('\\u001b[2J.jpg: empty-original, the original has no content\n');
    expect(text).not.toContain('\u001b');
    expect(text).toMatch(/\n {2}unsupported-format \(2\) {2}Convert it to JPEG/);
    const json = (await at.imgvar('failures', String(run), '--to', at.v.location, '--json')).json();
    expect(json.map(({ original }) => original).sort()).toEqual([ESCAPE, FORMULA, COMMA].sort());
    expect(json).toContainEqual({
      type: 'outcome', run, original: ESCAPE, variant: null, result: 'failed', code: 'empty-original', retryable: false, message: 'the original has no content',
    });
    const csv = (await at.imgvar('failures', '--to', at.v.location, '--csv')).stdout.split('\r\n');
    expect(csv[0]).toBe('original,variant,code,retryable,message');
    expect(csv.slice(1).sort()).toEqual([
      '',
      `'${FORMULA},,unsupported-format,false,not a format that can be read (text)`,
      `${ESCAPE},,empty-original,false,the original has no content`,
      '"a, ""b"".jpg",,unsupported-format,false,not a format that can be read (text)',
    ].sort());
    const both = await at.imgvar('failures', '--to', at.v.location, '--csv', '--json');
    expect(both.code).toBe(2);
    const unknown = await at.imgvar('failures', '../specs', '--to', at.v.location);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toBe(`imgvar: There is no run "../specs" in ${at.v.location}${kind === 'bucket' ? '/' : ''}; the runs are: ${String(run)}.\n`);
    expect(await at.snapshot()).toEqual(before);
  });

  test('a run that was stopped by failures says so, and how to go on', async () => {
    const at = await broken(kind);
    expect((await at.reprocess('--max-failures', '0', '--concurrency', '1', '--exclude', "it's *")).code).toBe(4);
    expect(await states(at)).toEqual(['stopped']);
    const { stdout } = await at.imgvar('status', at.v.location);
    expect(stdout).toContain('stopped by failures\n');
    const goOn = shownBelow(stdout, 'go on \\(--max-failures allows more\\)');
    expect(goOn).toContain("--exclude 'it'\\''s *'");
    expect(goOn).toContain(' --max-failures 0');
  });
});

test('an interrupted run: what is left, and the command that is shown goes on with it', async () => {
  const originals = Object.fromEntries(await Promise.all(Array.from({ length: 200 }, async (_, i) => [`${String(i).padStart(4, '0')}.jpg`, await photo(i)] as const)));
  const at = await roots('folder', originals);
  const running = at.start('-v', '--mode', 'all', '--prefix', '0');
  await new Promise((resolve) => running.child.stderr?.once('data', resolve));
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
  const { stdout } = await at.imgvar('status', at.v.location);
  expect(stdout).toMatch(/ {2}interrupted\n/);
  expect(stdout).toMatch(/ {2}left +(everything|keys after "\d{4}.jpg")\n/);
  for (const line of stdout.split('\n').filter((text) => !text.startsWith('    imgvar'))) expect(line.length).toBeLessThanOrEqual(80);
  const rest = await at.line(shownBelow(stdout, 'go on'));
  expect(rest.stderr).toContain('Going on with run');
  expect(await states(at)).toEqual(['complete']);
  expect(await at.v.keys()).toHaveLength(200);
});

test('under a config with other specs, the command for a run of a preset goes on with that run, on its terms', async () => {
  const at = await roots('folder', { 'a.jpg': 'no image', 'b.jpg': 'no image', 'c.jpg': 'no image' });
  expect((await at.imgvar('reprocess', at.o.location, at.v.location, '--preset', 'levels', '--max-failures', '0', '--concurrency', '1')).code).toBe(4);
  expect((await at.imgvar('status', at.v.location, '--json')).json()).toMatchObject([{ stoppedBy: 'failures', terms: { preset: 'levels', 'max-failures': '0' } }]);
  const goOn = shownBelow((await at.imgvar('status', at.v.location)).stdout, 'go on');
  expect(goOn).toContain(' --preset levels --max-failures 0');
  expect((await at.line(goOn)).stderr).toContain('Going on with run');
  expect(await states(at)).toHaveLength(1);
});

test('a run that --max-cost stopped says so, and goes on with a higher one', async () => {
  const at = await roots('bucket', { 'a.jpg': await photo(1) });
  expect((await at.reprocess('--max-cost', '0.001')).code).toBe(4);
  expect((await at.imgvar('status', at.v.location, '--json')).json()).toMatchObject([{ state: 'stopped', stoppedBy: 'cost', terms: { 'max-cost': '0.001' } }]);
  const { stdout } = await at.imgvar('status', at.v.location);
  expect(stdout).toContain('  stopped by --max-cost\n');
  const goOn = shownBelow(stdout, 'go on \\(with a higher --max-cost than 0.001, or without\\)');
  expect(goOn).toContain(' --max-cost MORE');
  expect((await at.line(goOn)).code).toBe(2);
  const ended = await at.line(goOn.replace('MORE', '5'));
  expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining('Going on with run')]);
  expect((await at.imgvar('status', at.v.location, '--json')).json()).toMatchObject([{ state: 'complete', stoppedBy: null, terms: { 'max-cost': '5' } }]);
});

test('a run is running while it runs, and killed when it was', async () => {
  const at = await roots('bucket', Object.fromEntries(await Promise.all(Array.from({ length: 60 }, async (_, i) => [`${i}.jpg`, await photo(i)] as const))));
  at.during(async ({ method, key }) => {
    if (method === 'GET' && key.endsWith('.jpg')) await sleep(300);
    return undefined;
  });
  const running = at.start('--concurrency', '1', '--quiet');
  // A record is written after a few seconds.
  await expect.poll(() => states(at)).toEqual(['running']);
  const now = await at.imgvar('status', at.v.location);
  expect(now.stdout).toMatch(/ is being written now\nby .*, process \d+ \(run /);
  expect(now.stdout).toContain('  running now\n');
  expect(now.stdout).not.toContain('go on');
  running.child.kill('SIGKILL');
  await running.ended;
  const then = await at.imgvar('status', at.v.location);
  expect(then.stdout).not.toContain('being written');
  expect(then.stdout).toMatch(/ {2}killed\n/);
  expect(shownBelow(then.stdout, 'go on')).toContain(`imgvar reprocess '${at.o.location}/' '${at.v.location}/' --mode due --only small`);
});

test('the config says where the variants are, and --checkpoint where the runs are; the commands that are shown say so too', async () => {
  const cwd = await workspace({ 'originals/a.jpg': 'no image', 'my.json': JSON.stringify({ originals: 'originals', variants: 'variants', specs: { small: { width: 20 } } }) });
  const where = ['--config', 'my.json', '--checkpoint', 'elsewhere'];
  expect((await imgvar(['reprocess', ...where], cwd)).code).toBe(3);
  const { stdout } = await imgvar(['status', ...where], cwd);
  expect(shownBelow(stdout, 'see what failed')).toMatch(/^imgvar failures \S+ --config my.json --checkpoint elsewhere$/);
  expect(shownBelow(stdout, 'try it again')).toContain(' --mode due --retry-failed --config my.json --checkpoint elsewhere');
  expect((await imgvar(['failures', ...where], cwd)).stdout).toContain('a.jpg: unsupported-format');
  expect((await imgvar(['status', '--config', 'my.json'], cwd)).stdout).toMatch(/^No runs are remembered/);
  expect((await imgvar(['status'], cwd)).code).toBe(2);
});

test('ten runs are shown, and all with --verbose', async () => {
  const at = await roots('folder', { 'a.jpg': 'no image' });
  for (let i = 0; i < 11; i++) await at.reprocess();
  const ids = (await at.imgvar('status', at.v.location, '--json', '-v')).json().map(({ id }) => String(id));
  expect(ids).toHaveLength(11);
  const { stdout } = await at.imgvar('status', at.v.location);
  expect([...stdout.matchAll(/^\S+(?= {2}complete$)/gm)].map(([id]) => id)).toEqual(ids.slice(0, 10));
  expect(stdout).toMatch(/--verbose shows all\.\n$/);
});
