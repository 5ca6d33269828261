import { execFileSync } from 'node:child_process';
import { cp, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startS3 } from '../s3/server.js';
import { imgvar, summaryOf, workspace, type Ended } from './imgvar.js';
import { photo } from './pictures.js';

/** What the ledger knows of a root: where its originals are, its layout, and whether it is the one that it was. */

const COUNT = 4;
const QUALITY = 80;

interface Made {
  /** With this config and these locations; 'o' and 'v' are those of the first run. */
  run(fields?: { originals?: string; variants?: string; layout?: string; quality?: number }, ...args: string[]): Promise<Ended>;
  readonly cwd: string;
}

function runner(cwd: string, at: (name: string) => string, env: NodeJS.ProcessEnv = {}): Made['run'] {
  return async ({ originals = 'o', variants = 'v', layout = '{variant}/{path}', quality = QUALITY } = {}, ...args) => {
    const specs = { small: { width: 20, quality }, web: { width: 30, format: 'webp' } };
    await writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ originals: at(originals), variants: at(variants), layout, specs }));
    return imgvar(['reprocess', '--json', ...args], cwd, env);
  };
}

/** A root in a folder, of which all variants have been made. */
async function madeInFolder(): Promise<Made> {
  const pictures = await Promise.all(Array.from({ length: COUNT }, async (_, i) => [`o/${i}.jpg`, await photo(i)] as const));
  const cwd = await workspace(Object.fromEntries(pictures));
  const run = runner(cwd, (name) => `./${name}`);
  expect(summaryOf(await run())).toMatchObject({ made: 2 * COUNT });
  return { cwd, run };
}

function expectMismatch({ code, stdout }: Ended): void {
  expect(code).toBe(2);
  expect(stdout).toContain('"code":"ledger-mismatch"');
  expect(stdout).toContain('--adopt');
}

describe('of variants in a folder', () => {
  test('a root that was copied, so that all its times are new, is not taken for what it was; --adopt takes it as it is', async () => {
    const { cwd, run } = await madeInFolder();
    await sleep(5);
    await cp(path.join(cwd, 'v'), path.join(cwd, 'copy'), { recursive: true });
    const ledger = await readFile(path.join(cwd, 'copy/.imgvar/specs.json'), 'utf8');
    for (const args of [['--mode', 'all'], ['--dry-run']]) expectMismatch(await run({ variants: 'copy' }, ...args));
    expect(await readFile(path.join(cwd, 'copy/.imgvar/specs.json'), 'utf8')).toBe(ledger);

    expect(summaryOf(await run({ variants: 'copy' }, '--adopt'))).toMatchObject({ due: 0, upToDate: COUNT });
    expect(summaryOf(await run({ variants: 'copy' }))).toMatchObject({ due: 0, upToDate: COUNT });
    // From here on it is a root like any other.
    expect(summaryOf(await run({ variants: 'copy', quality: 60 }))).toMatchObject({ due: COUNT, made: COUNT });
  });

  test('a root that was moved, or copied with its times, is what it was', async () => {
    const { cwd, run } = await madeInFolder();
    await rename(path.join(cwd, 'v'), path.join(cwd, 'moved'));
    expect(summaryOf(await run({ variants: 'moved' }))).toMatchObject({ due: 0, upToDate: COUNT });
    // Node's own cp rounds times.
    execFileSync('cp', ['-a', 'moved', 'copy'], { cwd });
    expect(summaryOf(await run({ variants: 'copy' }))).toMatchObject({ due: 0, upToDate: COUNT });
  });

  test('a root that was restored over itself, with new times, is noticed', async () => {
    const { cwd, run } = await madeInFolder();
    await utimes(path.join(cwd, 'v/.imgvar/clock'), new Date(), new Date(Date.now() + 1000));
    expectMismatch(await run());
  });

  test('other originals and another layout are told, and nothing is written', async () => {
    const { cwd, run } = await madeInFolder();
    await cp(path.join(cwd, 'o'), path.join(cwd, 'others'), { recursive: true });
    expectMismatch(await run({ originals: 'others' }));
    expectMismatch(await run({ layout: '{dir}/{name}-{variant}.{ext}' }));
    expect(summaryOf(await run())).toMatchObject({ due: 0, upToDate: COUNT });
  });

  test('a changed spec whose variants were adopted is not due any more', async () => {
    const { run } = await madeInFolder();
    expect(summaryOf(await run({ quality: 50 }, '--dry-run'))).toMatchObject({ due: COUNT });
    expect(summaryOf(await run({ quality: 50 }, '--adopt'))).toMatchObject({ due: 0, upToDate: COUNT });
    expect(summaryOf(await run({ quality: 50 }))).toMatchObject({ due: 0, upToDate: COUNT });
    expect(summaryOf(await run())).toMatchObject({ due: COUNT, made: COUNT });
  });

  test('what is adopted is the config: of a spec that is not in it, it stays known by what it was written', async () => {
    const { cwd, run } = await madeInFolder();
    const config = { originals: './o', variants: './v', specs: { web: { width: 30, format: 'webp' } } };
    await writeFile(path.join(cwd, 'fewer.json'), JSON.stringify(config));
    expect((await imgvar(['reprocess', '--adopt', '-c', 'fewer.json'], cwd)).code).toBe(0);
    expect(summaryOf(await run())).toMatchObject({ due: 0, upToDate: COUNT });
    expect(summaryOf(await run({ quality: 60 }, '--dry-run'))).toMatchObject({ due: COUNT });
  });

  test('without a ledger, what exists is adopted, and the run says so', async () => {
    const { cwd, run } = await madeInFolder();
    await rename(path.join(cwd, 'v/.imgvar'), path.join(cwd, 'gone'));
    const ended = await run();
    expect(ended.json()).toContainEqual(expect.objectContaining({ type: 'warning', code: 'adopted' }));
    expect(summaryOf(ended)).toMatchObject({ due: 0, upToDate: COUNT });
  });

  test('the defaults that nobody chose do not touch a ledger of other specs', async () => {
    const { cwd } = await madeInFolder();
    const before = await readFile(path.join(cwd, 'v/.imgvar/specs.json'), 'utf8');
    const elsewhere = await workspace();
    const ended = await imgvar(['reprocess', path.join(cwd, 'o'), path.join(cwd, 'v'), '--json'], elsewhere);
    expect(ended.code).toBe(2);
    expect(ended.json()).toMatchObject([{ type: 'error', code: 'ledger-mismatch', message: expect.stringContaining('--config') }]);
    expect(await readFile(path.join(cwd, 'v/.imgvar/specs.json'), 'utf8')).toBe(before);
  });
});

test('of variants in a bucket: a copy is noticed, and --adopt takes it as it is', async () => {
  const server = await startS3({ buckets: ['o', 'v', 'copy'] });
  onTestFinished(() => server.close());
  for (let i = 0; i < COUNT; i++) server.put('o', `${i}.jpg`, await photo(i));
  const run = runner(await workspace(), (name) => `s3://${name}`, { AWS_ENDPOINT_URL: server.url });
  expect(summaryOf(await run())).toMatchObject({ made: 2 * COUNT });
  await sleep(1_100);
  for (const [key, { bytes }] of server.buckets.get('v') ?? []) server.put('copy', key, bytes);
  expectMismatch(await run({ variants: 'copy' }));
  expect(summaryOf(await run({ variants: 'copy' }, '--adopt'))).toMatchObject({ due: 0, upToDate: COUNT });
  expect(summaryOf(await run({ variants: 'copy', quality: 60 }))).toMatchObject({ due: COUNT, made: COUNT });
});
