import { randomBytes } from 'node:crypto';
import { readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/model/events.js';
import { Failure } from '../../src/model/failure.js';
import { isRefused, type RefusedObject } from '../../src/model/original.js';
import type { Mode } from '../../src/model/job.js';
import type { Planned } from '../../src/plan/join.js';
import type { Past } from '../../src/plan/past.js';
import type { RunControl } from '../../src/run/perform.js';
import { planKeys } from '../../src/run/plan-keys.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { openManifest } from '../../src/source/manifest.js';
import { manifestFiles } from '../../src/source/manifest-bytes.js';
import { memoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { workspace } from '../cli/imgvar.js';
import { BUCKET, FOLDER, pieces } from '../source/manifest-support.js';
import { collect, PLAIN, spec, stored } from '../support.js';
import { control } from './pretending.js';
import { runParts, type Parts } from './run-parts.js';

const parts = (fields: Partial<Parts> = {}): Parts => runParts({ specs: [spec('a'), spec('web', { format: 'webp' })], ...fields });

/** Nothing is known but what exists. */
const PAST = { startedAt: 10_000, now: () => 10_000, isInDoubt: () => false, precision: 1, isStale: () => false };

async function plansOf(all: Parts, mode: Mode, keys: readonly ({ key: string } | RefusedObject)[], past: Past | null = PAST) {
  return (await collect(planKeys(all, mode, past, keys))).map(({ found }) => found);
}

/** A dry run over a list of these lines. */
async function dryRun(lines: string, filter = EVERYTHING, fields: Partial<Parts> = {}, location = FOLDER) {
  const events: RunEvent[] = [];
  const control: RunControl = { dryRun: true, limit: null, maxCost: null, sample: null, maxFailures: { originals: 0 }, onEvent: (event) => events.push(event), signal: new AbortController().signal };
  const run = reprocess(parts({ ...fields, manifest: openManifest('/keys.txt', pieces({ '/keys.txt': lines }, 1000), location) }), 'due', filter, control);
  return { run, events, due: () => events.flatMap((event) => (event.type === 'due' ? event.key : [])) };
}

/** Every original exists, and every lookup is noted. */
function everything(onStat: (key: string) => Promise<void> | void = () => undefined): Store {
  return { ...memoryStore('all'), stat: async (key) => (await onStat(key), stored(key, 5_000)) };
}

function variants(of: Readonly<Record<string, number>>): Store {
  return { ...memoryStore('variants'), stat: async (key) => (of[key] === undefined ? undefined : stored(key, of[key])) };
}

const brief = (plans: (Planned | RefusedObject)[]): unknown[] =>
  plans.map((plan) => (isRefused(plan) ? [plan.key, plan.refused] : [plan.original.key, ...plan.due.map(({ key, reason }) => `${key} ${reason}`)]));

test('what is due is decided by mode, as for a listing', async () => {
  const all = parts({ originals: { ...everything(), stat: async (key) => (key.endsWith('.webp') ? undefined : stored(key, 5_000)) }, variants: variants({ 'a/1.jpg': 9_000, 'a/2.jpg': 1_000, 'web/2.jpg.webp': 9_000 }) });
  const keys = [{ key: '1.jpg' }, { key: '2.jpg' }];
  expect(brief(await plansOf(all, 'due', keys))).toEqual([['1.jpg', 'web/1.jpg.webp missing'], ['2.jpg', 'a/2.jpg original-newer']]);
  expect(brief(await plansOf(all, 'missing', keys))).toEqual([['1.jpg', 'web/1.jpg.webp missing'], ['2.jpg']]);
  expect(brief(await plansOf(all, 'all', keys))).toEqual([
    ['1.jpg', 'a/1.jpg forced', 'web/1.jpg.webp missing'],
    ['2.jpg', 'a/2.jpg forced', 'web/2.jpg.webp forced'],
  ]);
});

test('where all is due whatever exists, no variant is looked up', async () => {
  const never: Store = { ...memoryStore('variants'), stat: () => Promise.reject(new Error('looked up')) };
  expect(await plansOf(parts({ originals: everything(), variants: never }), 'all', [{ key: '1.png' }], null)).toHaveLength(1);
});

test('a variant that another original owns is a collision', async () => {
  const [plan] = await plansOf(parts({ originals: everything() }), 'due', [{ key: 'x' }]);
  expect(plan).toMatchObject({ due: [{ key: 'a/x' }], collisions: [{ rival: 'x.webp' }] });
});

test('a key that is missing or refused, and variants that cannot be seen, are failures of that key alone', async () => {
  const originals = memoryStore('originals');
  for (const key of ['1.jpg', '2.jpg', '3.jpg']) await originals.write(key, Buffer.from('x'), PLAIN);
  const hidden: Store = {
    ...memoryStore('variants'),
    stat: async (key) => {
      if (key === 'a/2.jpg') throw new Failure('access-denied', 'HTTP 403');
      if (key === 'a/3.jpg') throw new Failure('invalid-key', 'too long');
      return undefined;
    },
  };
  const keys = [{ key: 'none' }, { key: '1.jpg' }, { key: '2.jpg' }, { key: '3.jpg' }, { key: 'out', refused: 'invalid-key', detail: '' } as const];
  expect(brief(await plansOf(parts({ originals, variants: hidden }), 'due', keys))).toEqual([
    ['none', 'original-missing'],
    ['1.jpg', 'a/1.jpg missing', 'web/1.jpg.webp missing'],
    ['2.jpg', 'access-denied'],
    // Whoever writes it says why it cannot be.
    ['3.jpg', 'a/3.jpg missing', 'web/3.jpg.webp missing'],
    ['out', 'invalid-key'],
  ]);
});

test('many are looked up at once, never many more than 32, and come out in order', async () => {
  let under = 0;
  let most = 0;
  const slow = async (key: string): Promise<void> => {
    under += 1;
    most = Math.max(most, under);
    await new Promise((resolve) => setTimeout(resolve, Number(key.at(-1)) % 3));
    under -= 1;
  };
  const both = parts({ originals: everything(slow), variants: everything(slow), specs: [spec('a'), spec('b')] });
  const keys = Array.from({ length: 300 }, (_, i) => ({ key: `${i}` }));
  expect((await plansOf(both, 'due', keys)).map((plan) => 'original' in plan && plan.original.key)).toEqual(keys.map(({ key }) => key));
  expect(most).toBeGreaterThan(15);
  expect(most).toBeLessThanOrEqual(32);
});

test('a manifest is filtered, and a key that follows itself counts once', async () => {
  const { run, due } = await dryRun('in/1.jpg\nin/1.jpg\nin/2.gif\nout/1.jpg\n\nin/1.jpg\n', { ...EVERYTHING, prefix: 'in/', exclude: ['*.gif'] }, { originals: everything(), specs: [spec('a')] });
  expect(await run).toMatchObject({ originals: 2, due: 2, failed: 0 });
  expect(due()).toEqual(['a/in/1.jpg', 'a/in/1.jpg']);
});

test('a row that is refused is told whatever the filter is: it has no key that could be filtered', async () => {
  const { run, events } = await dryRun('s3://b/out/1.jpg\ns3://b/in/2.jpg\n', { ...EVERYTHING, prefix: '3' }, { originals: everything() }, BUCKET);
  expect(await run).toMatchObject({ originals: 1, failed: 2 });
  expect(events).toContainEqual(expect.objectContaining({ original: 's3://b/out/1.jpg', variant: null, code: 'invalid-key' }));
});

test('a manifest whose first row cannot be read ends the run before anything is told', async () => {
  const { run, events } = await dryRun('s3://b/a\n');
  await expect(run).rejects.toMatchObject({ code: 'manifest-invalid' });
  expect(events).toEqual([]);
});

test('a manifest of nothing is a run of nothing', async () => {
  const { run } = await dryRun('\n\n');
  expect(await run).toMatchObject({ originals: 0, due: 0, complete: true });
});

test('a row in the middle that cannot be read ends the run, and names itself', async () => {
  const { run } = await dryRun(`${'x.jpg\ny.jpg\n'.repeat(100)}s3://b/a\n`, EVERYTHING, { originals: everything() });
  await expect(run).rejects.toThrow(/keys\.txt, row 201, is of the bucket "b"/);
});

/** How many times this process has a file open. */
function timesOpen(file: string): number {
  const target = (descriptor: string): string | null => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      // That of the listing itself.
      return null;
    }
  };
  return readdirSync('/proc/self/fd').filter((descriptor) => target(descriptor) === file).length;
}

test.runIf(process.platform === 'linux').each(['keys.txt', 'keys.csv.gz'])('%s is closed after a run, however often it was opened', async (name) => {
  // Far more than is read at once.
  const lines = ['key', ...Array.from({ length: 4_000 }, () => randomBytes(50).toString('hex'))].join('\n');
  const file = path.join(await workspace({ [name]: name.endsWith('.gz') ? gzipSync(lines) : lines }), name);
  const files = manifestFiles(() => Promise.reject(new Error('no bucket is asked')));
  const { settings } = control({ dryRun: true });
  for (let run = 0; run < 20; run++) {
    const summary = await reprocess(parts({ manifest: openManifest(file, files, FOLDER) }), 'due', { ...EVERYTHING, prefix: 'none/' }, settings);
    expect(summary).toMatchObject({ originals: 0, complete: true });
  }
  await expect.poll(() => timesOpen(file), { timeout: 10_000 }).toBe(0);
});
