import type { Engine } from '../engine/engine.js';
import { COPY_SPEC } from '../model/copy.js';
import type { Job } from '../model/job.js';
import { Failure } from '../model/failure.js';
import type { Layout } from '../model/layout.js';
import { isRefused, type StoredObject } from '../model/original.js';
import type { SheetRow, Shown } from '../model/report.js';
import type { Spec } from '../model/spec.js';
import { statIfHeld } from '../store/stat-if-held.js';
import type { Store } from '../store/store.js';

export interface SheetParts {
  readonly originals: Store;
  readonly variants: Store;
  readonly layout: Layout;
  readonly specs: readonly Spec[];
  /** Where pictures for the page are put. */
  readonly scratch: Store;
  /** Makes them, each in a process of its own: of what is in the originals, or among the variants. */
  readonly shrink: (from: 'originals' | 'variants') => Engine;
}

/** Pages of a listing that are drawn from: what is far behind in a large bucket is not reached for a report. */
const PAGES = 3;

/** What pictures of the page are made by. */
const SMALL: Spec = { ...COPY_SPEC, name: 'small', width: 320, height: 320, format: 'webp', quality: 70, animated: false };

/** So much of a picture of the page is read at the most, in bytes. */
const LARGEST = 10_000_000;

/** Some originals, evenly from the beginning of the listing. */
export async function someOriginals(originals: Store, prefix: string, most: number): Promise<readonly StoredObject[]> {
  const seen: StoredObject[] = [];
  let pages = 0;
  for await (const page of originals.list(prefix)) {
    for (const listed of page) if (!isRefused(listed)) seen.push(listed);
    if (++pages === PAGES) break;
  }
  const count = Math.min(most, seen.length);
  return Array.from({ length: count }, (_, i) => seen[Math.floor((i * seen.length) / count)]).flatMap((one) => one ?? []);
}

/** Originals and their variants as they are now, made small. */
export async function contactSheet({ variants, layout, specs, scratch, shrink }: SheetParts, chosen: readonly StoredObject[]): Promise<readonly SheetRow[]> {
  const shown = new Map<string, Shown>();
  const jobs: { readonly originals: Job[]; readonly variants: Job[] } = { originals: [], variants: [] };
  const add = (from: 'originals' | 'variants', name: string, object: StoredObject): string => {
    const place = `${from}/${jobs[from].length}.webp`;
    jobs[from].push({ original: object, due: [{ spec: SMALL, key: place, reason: 'forced' }] });
    shown.set(`${from} ${object.key}`, { name, key: object.key, bytes: object.size, image: null, trouble: null });
    return place;
  };
  for (const original of chosen) {
    add('originals', '', original);
    await Promise.all(specs.map(async (spec) => {
      const key = layout.keyOf(original.key, spec);
      const object = await statIfHeld(variants, key).catch((error: unknown) => {
        if (error instanceof Failure) return error;
        throw error;
      });
      if (object instanceof Failure) shown.set(`variants ${key}`, { name: spec.name, key, bytes: null, image: null, trouble: object.code });
      else if (object === undefined) shown.set(`variants ${key}`, { name: spec.name, key, bytes: null, image: null, trouble: null });
      else add('variants', spec.name, object);
    }));
  }
  for (const from of ['originals', 'variants'] as const) {
    for await (const { original, outcomes } of shrink(from).run(inTurn(jobs[from]))) {
      const held = shown.get(`${from} ${original}`);
      const [outcome] = outcomes;
      if (held === undefined || outcome === undefined) continue;
      if (outcome.result === 'failed') shown.set(`${from} ${original}`, { ...held, trouble: outcome.code });
      else shown.set(`${from} ${original}`, { ...held, ...(await pictureIn(scratch, outcome.key)) });
    }
  }
  const found = (place: string): Shown[] => {
    const one = shown.get(place);
    return one === undefined ? [] : [one];
  };
  return chosen.flatMap(({ key }) => found(`originals ${key}`).map((original) => ({ original, variants: specs.flatMap((spec) => found(`variants ${layout.keyOf(key, spec)}`)) })));
}

async function pictureIn(scratch: Store, key: string): Promise<Pick<Shown, 'image' | 'trouble'>> {
  try {
    return { image: (await scratch.read(key, LARGEST)).bytes, trouble: null };
  } catch (error) {
    if (error instanceof Failure) return { image: null, trouble: error.code };
    throw error;
  }
}

async function* inTurn<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
