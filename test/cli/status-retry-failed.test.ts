import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { summaryOf } from './imgvar.js';
import { photo } from './pictures.js';
import { roots, type Kind, type Roots } from './roots.js';

async function outcomes(run: ReturnType<Roots['reprocess']>): Promise<unknown[]> {
  return (await run).json().filter(({ type }) => type === 'outcome').map(({ original, result }) => [original, result]);
}

describe.each<Kind>(['folder', 'bucket'])('imgvar reprocess --retry-failed, in a %s', (kind) => {
  test('makes what failed when it was mended, and nothing else', async () => {
    const at = await roots(kind, { 'a.jpg': 'no image', '\u001b[2J.jpg': '', 'good.jpg': await photo(1) });
    await at.reprocess();
    await at.o.put('new.jpg', await photo(2));
    await at.o.put('a.jpg', await photo(3));
    const { list } = { ...at.server.counts };
    expect((await outcomes(at.reprocess('--retry-failed', '--yes', '--json'))).sort()).toEqual([['\u001b[2J.jpg', 'failed'], ['a.jpg', 'made']]);
    if (kind === 'bucket') expect(at.server.counts.list - list).toBeLessThan(12);
    await at.o.put('\u001b[2J.jpg', await photo(4));
    expect(await outcomes(at.reprocess('--retry-failed', '--json'))).toEqual([['\u001b[2J.jpg', 'made']]);
    const nothing = await at.reprocess('--retry-failed');
    expect(nothing.code).toBe(0);
    expect(nothing.stdout).toMatch(/^Nothing to do: nothing failed in run \S+\.\n$/);
    expect(await at.v.keys()).toEqual(['small/\u001b[2J.jpg', 'small/a.jpg', 'small/good.jpg']);
  });

  test('needs an earlier run of the same job', async () => {
    const at = await roots(kind, { 'a.jpg': 'no image' });
    const none = await at.reprocess('--retry-failed');
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/^imgvar: No run of this job has come to its end in .*\n$/);
    await at.reprocess();
    const other = await at.reprocess('--retry-failed', '--prefix', 'a', '--mode', 'all');
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/differs in --mode, --prefix\.\n$/);
    expect(await at.v.keys()).toEqual([]);
  });

  test('does not disturb a run that is not finished', async () => {
    const at = await roots(kind, { 'a.jpg': 'no image', 'b.jpg': 'no image', 'c.jpg': 'no image' });
    expect((await at.reprocess('--max-failures', '0', '--concurrency', '1')).code).toBe(4);
    const before = await at.snapshot();
    const refused = await at.reprocess('--retry-failed', '--json');
    expect(refused.code).toBe(2);
    expect(refused.json()).toMatchObject([{ type: 'error', code: 'checkpoint-mismatch' }]);
    expect(await at.snapshot()).toEqual(before);
    expect(summaryOf(await at.reprocess('--json'))).toMatchObject({ resumed: true, failed: 3, complete: true });
    expect(await outcomes(at.reprocess('--retry-failed', '--json'))).toHaveLength(3);
  });

  test('with a limit, the next one comes to the rest', async () => {
    const at = await roots(kind, { 'a.jpg': 'no image', 'b.jpg': 'no image' });
    await at.reprocess();
    for (const key of ['a.jpg', 'b.jpg']) await at.o.put(key, await photo(1));
    // In a bucket, what is written in the second in which that run ended may be of it.
    await sleep(1_100);
    expect(summaryOf(await at.reprocess('--retry-failed', '--limit', '1', '--json'))).toMatchObject({ made: 1 });
    const { stdout } = await at.imgvar('status', at.v.location);
    expect(stdout).toMatch(/ {2}left +not looked at, by --limit: /);
    expect(stdout).toMatch(/ {2}go on:\n {4}imgvar reprocess .* --retry-failed\n/);
    expect(summaryOf(await at.reprocess('--retry-failed', '--limit', '1', '--json'))).toMatchObject({ made: 1, upToDate: 1 });
    expect(await at.v.keys()).toEqual(['small/a.jpg', 'small/b.jpg']);
  });

  test('a dry run tells what would be tried', async () => {
    const at = await roots(kind, { 'a.jpg': 'no image', 'good.jpg': await photo(1) });
    await at.reprocess();
    await at.o.put('new.jpg', await photo(2));
    const before = await at.snapshot();
    const dry = await at.reprocess('--retry-failed', '--dry-run', '--json');
    expect(dry.json().filter(({ type }) => type === 'due').map(({ original }) => original)).toEqual(['a.jpg']);
    expect(await at.snapshot()).toEqual(before);
  });
});

/** Forty originals that may not be read until the function that comes with them is called. */
async function forbidden(...args: string[]): Promise<{ at: Roots; allow: () => void }> {
  const at = await roots('bucket', Object.fromEntries(await Promise.all(Array.from({ length: 40 }, async (_, i) => [`${10 + i}.jpg`, await photo(i)] as const))));
  await at.reprocess();
  at.during(({ method, bucket, key }) => (method === 'GET' && bucket === 'originals' && key.endsWith('.jpg') ? { kind: 'error', status: 403, code: 'AccessDenied' } : undefined));
  expect(summaryOf(await at.reprocess('--json', ...args))).toMatchObject({ failed: 40, complete: true });
  return { at, allow: () => at.during(() => undefined) };
}

test('where all were to be made, those that failed are made though older variants exist', async () => {
  const { at, allow } = await forbidden('--mode', 'all');
  allow();
  expect(summaryOf(await at.reprocess('--mode', 'all', '--retry-failed', '--json'))).toMatchObject({ originals: 40, made: 40, upToDate: 0 });
  expect((await at.reprocess('--mode', 'all', '--retry-failed')).stdout).toMatch(/^Nothing to do: nothing failed/);
});

test('one that was interrupted is gone on with by the same command, and by no other', async () => {
  const { at } = await forbidden('--mode', 'all');
  at.during(async ({ method, key }) => {
    if (method === 'GET' && key.endsWith('.jpg')) await sleep(100);
    return undefined;
  });
  const running = at.start('--mode', 'all', '--retry-failed', '--concurrency', '1', '-v', '--quiet');
  await new Promise((resolve) => running.child.stderr?.once('data', resolve));
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
  at.during(() => undefined);
  const plain = await at.reprocess('--mode', 'all');
  expect(plain.code).toBe(2);
  expect(plain.stderr).toContain('differs in --retry-failed');
  const rest = summaryOf(await at.reprocess('--mode', 'all', '--retry-failed', '--json'));
  expect(rest).toMatchObject({ resumed: true, complete: true, failed: 0 });
  const before = Date.now() - 60_000;
  expect([...(at.server.buckets.get('variants') ?? [])].filter(([key, { lastModified }]) => key.includes('small/') && lastModified.getTime() > before)).toHaveLength(40);
});
