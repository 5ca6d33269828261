import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { fingerprintOf } from '../../src/model/fingerprint.js';
import { parseLayout } from '../../src/model/layout.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import type { Spec } from '../../src/model/spec.js';
import { UserError } from '../../src/model/user-error.js';
import type { RunControl } from '../../src/run/perform.js';
import { regenerate } from '../../src/run/regenerate.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore, type MemoryStore } from '../../src/store/memory.js';
import type { WriteOptions } from '../../src/store/store.js';
import { PLAIN, spec } from '../support.js';
import { config, FORMATS, KEYS, NAMES, step, type Step } from './eras-steps.js';
import { runParts } from './run-parts.js';

class Killed extends Error {}

/** Writes what it is asked for, and is killed in the middle of an original. */
function engine(variants: MemoryStore, killedAfter: number): Engine {
  let written = 0;
  return {
    name: 'local',
    mostTries: 1,
    async *run(jobs) {
      for await (const { original, due } of jobs) {
        for (const { spec: of, key } of due) {
          if (written++ >= killedAfter) throw new Killed();
          await variants.write(key, Buffer.from('x'), { ...PLAIN, fingerprint: fingerprintOf(of), originalEtag: original.etag });
        }
        const outcomes = due.map(({ spec: of, key, reason }) => ({ result: 'made' as const, original: original.key, variant: of.name, key, bytes: 1, width: 1, height: 1, reason }));
        yield { original: original.key, due: due.map((one) => one.spec.name), outcomes, bytesRead: 1, requests: NO_REQUESTS, cpuSeconds: 0 };
      }
    },
  };
}

function control(dryRun: boolean, due: string[] = []): RunControl {
  return {
    dryRun,
    limit: null, maxCost: null, sample: null,
    maxFailures: { percent: 100 },
    onEvent: (event) => event.type === 'due' && due.push(event.key),
    signal: new AbortController().signal,
  };
}

interface Ledger {
  readonly specs: Readonly<Record<string, readonly { readonly fingerprint: string }[]>>;
}

/** All of a root under new times, as a copy has it. @param declared what its variants pass for; null: for what they are */
async function copyOf(root: MemoryStore, tick: () => number, declared: ((key: string) => WriteOptions | undefined) | null): Promise<MemoryStore> {
  const copy = memoryStore(root.location, tick);
  for (const [key, { bytes, fingerprint, originalEtag }] of root.objects) {
    await copy.write(key, bytes, declared?.(key) ?? { ...PLAIN, fingerprint, originalEtag });
  }
  for (const name of await root.own.list('')) await copy.own.write(name, (await root.own.read(name))?.bytes ?? Buffer.alloc(0));
  return copy;
}

test.each(['{variant}/{path}', '{dir}/{name}-{variant}.{ext}'])(
  '%s: whatever is edited, run, killed, copied and run again, nothing of another spec passes for up to date, and a second run finds nothing',
  async (template) => {
    await fc.assert(
      fc.asyncProperty(config, fc.array(step, { minLength: 1, maxLength: 14 }), async (configured, steps) => {
        let time = 1_000;
        const tick = (): number => (time += 1);
        const originals = memoryStore('originals', tick);
        let variants = memoryStore('variants', tick);
        for (const key of KEYS) await originals.write(key, Buffer.from('x'), PLAIN);
        const specs = new Map(configured);
        const left = new Set<string>();
        const layout = parseLayout(template, NAMES);
        const parts = (only: readonly string[], killedAfter: number, fields: { fresh?: boolean; adopt?: boolean; variants?: MemoryStore } = {}) => {
          const { fresh = true, adopt = false, variants: root = variants } = fields;
          const all = [...specs.values()].filter(({ name }) => !left.has(name));
          const chosen = all.filter(({ name }) => only.includes(name));
          const writing = { variants: 'v', originals: 'o', layout: template, all, chosen, deliberate: true, adopt };
          return runParts({ originals, variants: root, layout, specs: chosen, writing, fresh, engine: engine(root, killedAfter) });
        };
        /** Of what exists, all that the plan calls up to date was made by the present specs, of the present originals. */
        const check = async (): Promise<void> => {
          const due: string[] = [];
          const now = parts(NAMES, 99);
          await reprocess(now, 'due', EVERYTHING, control(true, due));
          for (const of of now.specs) {
            for (const key of KEYS) {
              const variantKey = layout.keyOf(key, of);
              const held = variants.objects.get(variantKey);
              if (due.includes(variantKey)) continue;
              expect(held?.fingerprint, variantKey).toBe(fingerprintOf(of));
              expect(held?.originalEtag, variantKey).toBe(originals.objects.get(key)?.object.etag);
            }
          }
        };
        /** What someone says of the variants who adopts them: that they are as the specs of the config would make them. */
        const asIfMade = (ledger: Ledger) => (variantKey: string): WriteOptions | undefined => {
          for (const of of specs.values()) {
            const key = KEYS.find((original) => FORMATS.some((format) => layout.keyOf(original, { ...of, format }) === variantKey));
            if (key === undefined) continue;
            // Of a spec that is not there, that they are as it was when it was written last.
            const fingerprint = left.has(of.name) ? ledger.specs[of.name]?.at(-1)?.fingerprint : fingerprintOf(of);
            return { ...PLAIN, fingerprint: String(fingerprint), originalEtag: String(originals.objects.get(key)?.object.etag) };
          }
          return undefined;
        };
        const copy = async (adopt: boolean): Promise<void> => {
          const ledger = await variants.own.read('specs.json');
          if (ledger === undefined) return;
          const found = await copyOf(variants, tick, null);
          const before = [...found.objects];
          await expect(reprocess(parts(NAMES, 99, { variants: found }), 'due', EVERYTHING, control(false))).rejects.toMatchObject({ code: 'ledger-mismatch' });
          expect([...found.objects]).toEqual(before);
          if (!adopt) return;
          variants = await copyOf(variants, tick, asIfMade(JSON.parse(ledger.bytes.toString()) as Ledger));
          await reprocess(parts(NAMES, 99, { adopt }), 'due', EVERYTHING, control(false));
        };
        const edit = (name: string, change: Partial<Spec>): void => void specs.set(name, { ...(specs.get(name) ?? spec(name)), ...change });

        const perform = async (next: Step): Promise<unknown> => {
          switch (next.do) {
            case 'edit': return edit(next.name, next.change);
            case 'toggle': return left.delete(next.name) || left.add(next.name);
            case 'replace': return originals.write(next.key, Buffer.from('x'), PLAIN);
            case 'lose': return variants.remove(layout.keyOf(next.key, specs.get(next.name) ?? spec(next.name)));
            case 'copy': return copy(next.adopt);
            case 'run': return reprocess(parts(next.only, next.killedAfter, { fresh: next.fresh }), next.mode, EVERYTHING, control(false));
            case 'regenerate': return regenerate(parts(next.only, 99), [next.key], control(false));
          }
        };
        for (const next of steps) {
          await perform(next).catch((error: unknown) => {
            // A run that is to make all, and another one than the unfinished one.
            if (!(error instanceof Killed) && !(error instanceof UserError && error.code === 'checkpoint-mismatch')) throw error;
          });
          await check();
        }

        left.clear();
        await reprocess(parts(NAMES, 99), 'due', EVERYTHING, control(false));
        await check();
        expect(await reprocess(parts(NAMES, 0), 'due', EVERYTHING, control(false))).toMatchObject({ due: 0, upToDate: KEYS.length });
      }),
      { numRuns: 150 },
    );
  },
);
