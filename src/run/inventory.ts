import { retiredKeys, type Retired } from '../plan/retired.js';
import { outside } from '../plan/outside.js';
import { joinListings, type Planned } from '../plan/join.js';
import type { Past } from '../plan/past.js';
import type { Want } from '../plan/waiting.js';
import type { UnownedCode } from '../model/finding.js';
import type { Eras } from '../model/ledger.js';
import type { Layout } from '../model/layout.js';
import { isRefused, type Listed, type RefusedObject, type StoredObject } from '../model/original.js';
import type { Spec } from '../model/spec.js';
import { keyFilter, originalFilter, type Filter } from '../source/filter.js';
import { listedAs } from '../store/listed-as.js';
import type { Store } from '../store/store.js';

/** An original with what is there of its variants. */
export interface Held {
  readonly planned: Planned;
  readonly wants: readonly Want[];
}

/** An object among the variants that is the variant of no original and spec that exist. */
export interface Unowned {
  readonly object: StoredObject;
  readonly code: UnownedCode;
  /** Originals whose variant it would be, by the present specs. */
  readonly originals: readonly string[];
  /** Of an earlier format: see Retired. */
  readonly successors: Retired['successors'];
}

export type Accounted = Held | RefusedObject | Unowned;

export interface InventoryParts {
  readonly originals: Store;
  readonly variants: Store;
  readonly layout: Layout;
  /** All of the config. */
  readonly specs: readonly Spec[];
  readonly eras: Eras;
  readonly past: Past;
  readonly filter: Filter;
}

/**
 * Accounts for everything on both sides, by listings alone: each original comes with its variants, and each object that is
 * the variant of none by itself. Memory does not grow with their number.
 */
export async function* takeInventory({ originals, variants, layout, specs, eras, past, filter }: InventoryParts): AsyncGenerator<Accounted> {
  const { prefix } = filter;
  const acceptsKey = keyFilter(filter);
  const acceptsOriginal = originalFilter(filter);
  const isWhole = prefix === '' && filter.include.length + filter.exclude.length === 0;
  const retiredAs = retiredKeys(layout.template, specs, eras);
  /** Originals that are there and cannot be worked on, until they come out of the plan: they own their variants as well. */
  const refused = new Map<string, RefusedObject>();
  /** Folders that cannot be looked into, and what may be one, as a link is: what is in them is unknown, not gone. */
  const closed = new Set<string>();
  const unowned: Unowned[] = [];
  let wants: readonly Want[] = [];

  const onUnowned = (object: StoredObject): void => {
    const candidates = layout.originalsOf(object.key, specs).map(({ original }) => original);
    if (candidates.some((key) => foldersOf(key).some((folder) => closed.has(folder)))) return;
    if (candidates.length === 0 && isWhole) unowned.push(ofNoSpec(object));
    if (candidates.some(acceptsKey)) unowned.push({ object, code: 'original-gone', originals: candidates, successors: [] });
  };

  const ofNoSpec = (object: StoredObject): Unowned => {
    const retired = retiredAs(object.key);
    return { object, code: retired === null ? 'foreign' : 'spec-gone', originals: [], successors: retired?.successors ?? [] };
  };

  const standIns = async function* (): AsyncGenerator<readonly Listed[]> {
    for await (const page of originals.list(prefix)) {
      yield page.map((listed) => {
        if (!isRefused(listed)) return listed;
        closed.add(listed.key.endsWith('/') ? listed.key : `${listed.key}/`);
        refused.set(listed.key, listed);
        return { key: listed.key, size: 0, lastModified: 0, etag: '' };
      });
    }
  };

  const plan = joinListings({
    originals: standIns(),
    after: '',
    listVariants: (from, after) => variants.list(from, { after }),
    lookUp: (key) => listedAs(variants, key),
    existsBeyond: async () => false,
    prefix,
    layout,
    specs,
    mode: 'due',
    past,
    accepts: () => true,
    inventory: { onOriginal: (own) => (wants = own), onUnowned },
  });
  for await (const found of plan) {
    yield* unowned.splice(0);
    if ('passed' in found || isRefused(found)) continue;
    const { key } = found.original;
    const trouble = refused.get(key);
    refused.delete(key);
    if (trouble !== undefined) {
      if (acceptsKey(key)) yield trouble;
    } else if (acceptsOriginal(found.original)) yield { planned: found, wants };
  }
  yield* unowned.splice(0);

  if (!isWhole) return;
  const listed = layout.listings(specs, '', '').map((listing) => listing.prefix);
  for await (const object of outside((after) => variants.list('', { after }), listed)) {
    yield ofNoSpec(object);
  }
}

/** `a/`, `a/b/` of `a/b/c`. */
function foldersOf(key: string): readonly string[] {
  return [...key.matchAll(/\//g)].map(({ index }) => key.slice(0, index + 1));
}
