import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { fingerprintOf } from '../../src/model/fingerprint.js';
import { parseLayout } from '../../src/model/layout.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import type { Spec } from '../../src/model/spec.js';
import { UserError } from '../../src/model/user-error.js';
import { prune, type PruneControl } from '../../src/run/prune.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore, type MemoryStore } from '../../src/store/memory.js';
import type { Store } from '../../src/store/store.js';
import { PLAIN, spec } from '../support.js';
import { standStill } from './pretending.js';
import { runParts } from './run-parts.js';

/** Keys that could be taken for one another's variants. */
const KEYS = ['a', 'a.webp', 'a.webp.webp', 'a.jpg', 'a.tiff', 'a.tiff.jpg', 'a-x.jpg', 'a-y.webp', 'x/a', 'x/a.jpg', 'd/a.b', 'd/x/a', 'd/x.jpg', 'd/x/x/y'];
const NAMES = ['x', 'y', 'z'] as const;
const LAYOUTS = ['{variant}/{path}', '{path}/{variant}', '{dir}/{name}-{variant}.{ext}', '{dir}/{variant}-{name}.{ext}', '{dir}/{variant}/{name}.{ext}'];
const STRANGERS = ['notes.txt', 'x/never.jpg', 'a/b/c', 'd/x/never-x.webp', 'never-y.jpg.webp'];

const name = fc.constantFrom(...NAMES);
const step = fc.oneof(
  fc.record({ do: fc.constant('put' as const), key: fc.constantFrom(...KEYS) }),
  fc.record({ do: fc.constant('lose' as const), key: fc.constantFrom(...KEYS) }),
  fc.record({ do: fc.constant('toggle' as const), name }),
  fc.record({ do: fc.constant('format' as const), name, format: fc.constantFrom('original' as const, 'webp' as const, 'png' as const) }),
  fc.record({ do: fc.constant('stranger' as const), key: fc.constantFrom(...STRANGERS) }),
  fc.record({ do: fc.constant('run' as const) }),
);

function engine(variants: MemoryStore): Engine {
  return {
    name: 'local',
    mostTries: 1,
    async *run(jobs) {
      for await (const { original, due } of jobs) {
        for (const { spec: of, key } of due) await variants.write(key, Buffer.from('x'), { ...PLAIN, fingerprint: fingerprintOf(of), originalEtag: original.etag });
        const outcomes = due.map(({ spec: of, key, reason }) => ({ result: 'made' as const, original: original.key, variant: of.name, key, bytes: 1, width: 1, height: 1, reason }));
        yield { original: original.key, due: due.map((one) => one.spec.name), outcomes, bytesRead: 1, requests: NO_REQUESTS, cpuSeconds: 0 };
      }
    },
  };
}

test.each(LAYOUTS)('%s: whatever was put, edited and run, nothing that is due or up to date is removed, and what is removed is nobody\'s', async (template) => {
  await fc.assert(
    fc.asyncProperty(fc.subarray(KEYS, { minLength: 3 }), fc.array(step, { maxLength: 20 }), fc.boolean(), async (first, steps, atLast) => {
      let time = 1_000;
      const tick = (): number => (time += 1);
      const originals = memoryStore('originals', tick);
      const variants = memoryStore('variants', tick);
      for (const key of first) await originals.write(key, Buffer.from('x'), PLAIN);
      const specs = new Map<string, Spec>(NAMES.map((of) => [of, spec(of)]));
      const left = new Set<string>();
      const parts = () => {
        const all = [...specs.values()].filter((of) => !left.has(of.name));
        const layout = parseLayout(template, all.map((of) => of.name));
        const writing = { variants: 'v', originals: 'o', layout: template, all, chosen: all, deliberate: true, adopt: false };
        return runParts({ originals, variants, layout, specs: all, writing, fresh: true, engine: engine(variants) });
      };
      const run = async (): Promise<void> => {
        if (left.size === NAMES.length) return;
        await reprocess(parts(), 'due', EVERYTHING, { dryRun: false, limit: null, maxCost: null, sample: null, maxFailures: { percent: 100 }, onEvent: () => undefined, signal: new AbortController().signal });
      };
      await run();
      for (const next of steps) {
        if (next.do === 'put') await originals.write(next.key, Buffer.from('x'), PLAIN);
        else if (next.do === 'lose') originals.remove(next.key);
        else if (next.do === 'toggle' && left.has(next.name)) left.delete(next.name);
        else if (next.do === 'toggle') left.add(next.name);
        else if (next.do === 'format') specs.set(next.name, { ...(specs.get(next.name) ?? spec(next.name)), format: next.format });
        else if (next.do === 'stranger') await variants.write(next.key, Buffer.from('x'), PLAIN);
        else await run();
      }
      if (atLast) await run();

      const { layout, specs: present } = parts();
      const wanted = new Set([...originals.objects.keys()].flatMap((key) => present.map((of) => layout.keyOf(key, of))));
      const before = [...variants.objects.keys()];
      const pruning = prune(parts(), { dryRun: false, maxDelete: { percent: 100 }, agree: async () => true, onEvent: () => undefined, signal: new AbortController().signal });
      if (present.length === 0 || originals.objects.size === 0) {
        const refused = await pruning.then(() => undefined, (error: unknown) => error);
        expect(refused).toBeInstanceOf(UserError);
        expect(['specs-unchosen', 'originals-empty']).toContain((refused as UserError).code);
        expect([...variants.objects.keys()]).toEqual(before);
        return;
      }
      const { removed, kept, failed } = await pruning;
      const gone = before.filter((key) => !variants.objects.has(key));
      expect(gone.filter((key) => wanted.has(key))).toEqual([]);
      expect({ removed, failed }).toEqual({ removed: gone.length, failed: 0 });
      // Of earlier formats stay those whose successors are still to be made.
      if (atLast) expect(kept).toBe(0);
      // What is left is wanted, or nobody's: a variant that imgvar wrote and that is not wanted any more has gone.
      const stray = [...variants.objects].filter(([key, { fingerprint }]) => !wanted.has(key) && fingerprint !== PLAIN.fingerprint).map(([key]) => key);
      if (atLast) expect(stray).toEqual([]);
      // And what was there for what is up to date is there still.
      expect(before.filter((key) => wanted.has(key) && !variants.objects.has(key))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

/** Originals with these keys, whose variants are made in one format after another. */
async function inFormats(keys: readonly string[]) {
  let time = 1_000;
  const tick = (): number => (time += 1);
  const originals = memoryStore('originals', tick);
  const variants = memoryStore('variants', tick);
  for (const key of keys) await originals.write(key, Buffer.from('x'), PLAIN);
  const parts = (format: Spec['format'], store: Store) => {
    const specs = [spec('x', { format })];
    const writing = { variants: 'v', originals: 'o', layout: '{variant}/{path}', all: specs, chosen: specs, deliberate: true, adopt: false };
    return runParts({ originals, variants: store, specs, layout: parseLayout('{variant}/{path}', ['x']), writing, fresh: true, engine: engine(variants) });
  };
  return {
    originals,
    variants,
    run: (format: Spec['format'], prefix: string) =>
      reprocess(parts(format, variants), 'due', { ...EVERYTHING, prefix }, { dryRun: false, limit: null, maxCost: null, sample: null, maxFailures: { percent: 100 }, onEvent: () => undefined, signal: new AbortController().signal }),
    pruned: (store: Store = variants, more: Partial<PruneControl> = {}) =>
      prune(parts('webp', store), { dryRun: false, maxDelete: { percent: 100 }, agree: async () => true, onEvent: () => undefined, signal: new AbortController().signal, ...more }),
  };
}

test('a prune that was taken over while it stood still removes nothing more, and ends', async () => {
  const { variants, run, pruned } = await inFormats(['a/1.jpg', 'b/2.jpg']);
  await run('original', '');
  await run('webp', '');
  // Just after it has looked what may go.
  const stat: Store['stat'] = async (key) => {
    const found = await variants.stat(key);
    await standStill(variants);
    return found;
  };
  await expect(pruned({ ...variants, stat })).rejects.toMatchObject({ code: 'locked' });
  expect(variants.objects.size).toBe(4);
});

test('a variant of an earlier format goes only when its successor is there, or its original is gone', async () => {
  const { originals, variants, run, pruned } = await inFormats(['a/1.jpg', 'b/2.jpg', 'b/3.jpg']);
  await run('original', '');
  // The new format has begun, and only a part of it is made.
  await run('webp', 'a/');
  originals.remove('b/3.jpg');
  expect(await pruned()).toMatchObject({ removed: 2, kept: 1 });
  expect([...variants.objects.keys()].sort()).toEqual(['x/a/1.jpg.webp', 'x/b/2.jpg']);
  await run('webp', '');
  expect(await pruned()).toMatchObject({ removed: 1, kept: 0 });
  expect([...variants.objects.keys()].sort()).toEqual(['x/a/1.jpg.webp', 'x/b/2.jpg.webp']);
});

test('the successors of a whole batch are looked for at once: how many side by side is for their store to say', async () => {
  const { variants, run, pruned } = await inFormats(Array.from({ length: 100 }, (_, i) => `${i}.jpg`));
  await run('original', '');
  await run('webp', '');
  let looking = 0;
  let most = 0;
  const stat: Store['stat'] = async (key) => {
    most = Math.max(most, ++looking);
    await turn();
    looking -= 1;
    return variants.stat(key);
  };
  expect(await pruned({ ...variants, stat })).toMatchObject({ removed: 100, kept: 0 });
  expect(most).toBe(100);
});

test('one that is stopped while it looks again, after an answer that took its time, removes nothing and is no mistake', async () => {
  const { variants, run, pruned } = await inFormats(['a/1.jpg', 'b/2.jpg']);
  await run('original', '');
  await run('webp', '');
  const stop = new AbortController();
  let answered = false;
  const list: Store['list'] = (prefix, options) => {
    if (answered) stop.abort();
    return variants.list(prefix, options);
  };
  const agree = async (): Promise<boolean> => {
    answered = true;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_000);
    onTestFinished(() => clock.mockRestore());
    return true;
  };
  expect(await pruned({ ...variants, list }, { agree, signal: stop.signal })).toMatchObject({ removed: 0, complete: false });
  expect(variants.objects.size).toBe(4);
});

test('one that is stopped while it looks says nothing of what would go, and is not refused for it', async () => {
  const { originals, variants, run, pruned } = await inFormats(['a/1.jpg', 'b/2.jpg']);
  await run('webp', '');
  originals.remove('a/1.jpg');
  const stop = new AbortController();
  const list: Store['list'] = async function* (prefix, options) {
    for await (const page of variants.list(prefix, options)) {
      yield page;
      stop.abort();
    }
  };
  const events: string[] = [];
  const ended = await pruned({ ...variants, list }, { maxDelete: { objects: 0 }, signal: stop.signal, onEvent: ({ type }) => events.push(type) });
  expect(ended).toMatchObject({ removed: 0, complete: false });
  expect(events).toEqual(['pruned']);
  await expect(pruned(variants, { maxDelete: { objects: 0 } })).rejects.toMatchObject({ code: 'too-many-removals' });
});
