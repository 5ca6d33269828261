import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { fingerprintOf } from '../../src/model/fingerprint.js';
import type { Mode } from '../../src/model/job.js';
import { parseLayout } from '../../src/model/layout.js';
import { NO_REQUESTS } from '../../src/model/requests.js';
import type { Spec } from '../../src/model/spec.js';
import type { RunControl } from '../../src/run/perform.js';
import { regenerate } from '../../src/run/regenerate.js';
import { reprocess } from '../../src/run/reprocess.js';
import { EVERYTHING } from '../../src/source/filter.js';
import { memoryStore, type MemoryStore } from '../../src/store/memory.js';
import { PLAIN, spec } from '../support.js';
import { runParts } from './run-parts.js';

const NAMES = ['a', 'b', 'c'] as const;
const KEYS = ['1.jpg', '2.jpg', 'd/3.jpg', 'd/4.jpg', 'e.jpg'];

type Step =
  /** Another quality for a spec; there are few, so that many come back. */
  | { readonly do: 'edit'; readonly name: (typeof NAMES)[number]; readonly quality: number }
  | { readonly do: 'run'; readonly mode: Mode; readonly only: readonly string[]; readonly killedAfter: number }
  | { readonly do: 'regenerate'; readonly key: string; readonly only: readonly string[] }
  | { readonly do: 'replace'; readonly key: string }
  | { readonly do: 'lose'; readonly key: string; readonly name: string };

const some = fc.subarray([...NAMES], { minLength: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('edit' as const), name: fc.constantFrom(...NAMES), quality: fc.constantFrom(70, 80, 90) }),
  fc.record({ do: fc.constant('edit' as const), name: fc.constantFrom(...NAMES), quality: fc.constantFrom(70, 80, 90) }),
  fc.record({ do: fc.constant('run' as const), mode: fc.constantFrom('due', 'missing', 'all'), only: some, killedAfter: fc.constantFrom(0, 1, 2, 5, 99) }),
  fc.record({ do: fc.constant('regenerate' as const), key: fc.constantFrom(...KEYS), only: some }),
  fc.record({ do: fc.constant('replace' as const), key: fc.constantFrom(...KEYS) }),
  fc.record({ do: fc.constant('lose' as const), key: fc.constantFrom(...KEYS), name: fc.constantFrom(...NAMES) }),
);

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

test.each(['{variant}/{path}', '{dir}/{name}-{variant}.{ext}'])(
  '%s: whatever is edited, run, killed and run again, nothing of another spec passes for up to date, and a second run finds nothing',
  async (template) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        let time = 1_000;
        const tick = (): number => (time += 1);
        const originals = memoryStore('originals', tick);
        const variants = memoryStore('variants', tick);
        for (const key of KEYS) await originals.write(key, Buffer.from('x'), PLAIN);
        const qualities = new Map<string, number>(NAMES.map((name) => [name, 80]));
        const layout = parseLayout(template, NAMES);
        const parts = (only: readonly string[], killedAfter: number, fresh: boolean) => {
          const all: Spec[] = NAMES.map((name) => spec(name, { quality: qualities.get(name) ?? null }));
          const chosen = all.filter(({ name }) => only.includes(name));
          const writing = { variants: 'v', originals: 'o', layout: template, all, chosen, deliberate: true, adopt: false };
          return runParts({ originals, variants, layout, specs: chosen, writing, fresh, engine: engine(variants, killedAfter) });
        };
        /** Of what exists, all that the plan calls up to date was made by the present specs, of the present originals. */
        const check = async (): Promise<void> => {
          const due: string[] = [];
          const now = parts(NAMES, 99, false);
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

        for (const next of steps) {
          if (next.do === 'edit') qualities.set(next.name, next.quality);
          if (next.do === 'replace') await originals.write(next.key, Buffer.from('x'), PLAIN);
          if (next.do === 'lose') variants.remove(layout.keyOf(next.key, spec(next.name)));
          // A run in the mode all that differs from the unfinished one would be refused.
          const work = next.do === 'run' ? reprocess(parts(next.only, next.killedAfter, true), next.mode, EVERYTHING, control(false))
            : next.do === 'regenerate' ? regenerate(parts(next.only, 99, false), [next.key], control(false))
            : Promise.resolve();
          await work.catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error;
          });
          await check();
        }

        await reprocess(parts(NAMES, 99, true), 'due', EVERYTHING, control(false));
        await check();
        expect(await reprocess(parts(NAMES, 0, true), 'due', EVERYTHING, control(false))).toMatchObject({ due: 0, upToDate: KEYS.length });
      }),
      { numRuns: 150 },
    );
  },
);
