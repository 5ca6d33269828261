import type { Engine } from '../engine/engine.js';
import { Failure } from '../model/failure.js';
import type { Layout } from '../model/layout.js';
import { mediaTypeOf } from '../model/media-type.js';
import type { StoredObject } from '../model/original.js';
import type { Outcome } from '../model/outcome.js';
import type { Preview, PreviewImage, PreviewSpec } from '../model/preview.js';
import type { Spec } from '../model/spec.js';
import { statIfHeld } from '../store/stat-if-held.js';
import type { Store } from '../store/store.js';

export interface PreviewParts {
  readonly original: StoredObject;
  /** Where variants are, if any are known. */
  readonly variants: Store | null;
  readonly layout: Layout;
  readonly specs: readonly Spec[];
  /** Makes variants of the original into `scratch`. */
  readonly engine: Engine;
  readonly scratch: Store;
  /** SSIM of pairs in `scratch`; null where they cannot be compared. */
  readonly likenessOf: (pairs: readonly (readonly [string, string])[]) => Promise<readonly (number | null)[]>;
}

/** Variants are held whole in the page: no larger ones are shown, in bytes. */
const LARGEST = 50_000_000;

/** Makes one original by the specs as they stand, for a look; what there is stays as it is. */
export async function makePreview(parts: PreviewParts): Promise<Preview> {
  const { original, specs, layout } = parts;
  const outcomes = await madeBy(parts);
  const rows = await Promise.all(specs.map((spec, i) => withImages(parts, spec, i, outcomes)));
  const pairs = rows.flatMap(({ made, current }, i) => [
    ...(made === null ? [] : [[i, 'lossless', `new/${i}`, `lossless/${i}`] as const]),
    ...(made === null || current === null ? [] : [[i, 'current', `new/${i}`, `current/${i}`] as const]),
  ]);
  const found = await parts.likenessOf(pairs.map(([, , one, other]) => [one, other]));
  const measured = (i: number, what: 'lossless' | 'current'): number | null => found[pairs.findIndex(([at, which]) => at === i && which === what)] ?? null;
  return {
    original: original.key,
    bytes: original.size,
    specs: rows.map((row, i) => ({ ...row, key: layout.keyOf(original.key, specs[i] as Spec), likeness: { lossless: measured(i, 'lossless'), current: measured(i, 'current') } })),
  };
}

/** As the config says, and once more without loss, to tell what the encoding costs. */
async function madeBy({ original, specs, engine }: PreviewParts): Promise<readonly Outcome[]> {
  const due = specs.flatMap((spec, i) => [
    { spec, key: `new/${i}`, reason: 'forced' as const },
    { spec: { ...spec, name: `${spec.name} lossless`, format: 'png', quality: null, effort: 1, lossless: false } as const, key: `lossless/${i}`, reason: 'forced' as const },
  ]);
  const jobs = async function* () {
    yield { original, due };
  };
  for await (const { outcomes } of engine.run(jobs())) return outcomes;
  return [];
}

async function withImages({ original, variants, layout, scratch }: PreviewParts, spec: Spec, i: number, outcomes: readonly Outcome[]): Promise<Omit<PreviewSpec, 'key' | 'likeness'>> {
  const outcome = outcomes.find(({ variant }) => variant === spec.name || variant === null);
  const image = outcome?.result === 'made' ? await imageIn(scratch, `new/${i}`).catch(asFailure) : null;
  const made = outcome?.result !== 'made' || image === null || image instanceof Failure ? null : { ...image, width: outcome.width, height: outcome.height };
  const failure = outcome?.result === 'failed' ? outcome : image instanceof Failure ? image : null;
  const trouble = failure === null ? null : { code: failure.code, detail: failure.detail };
  return { name: spec.name, made, trouble, current: variants === null ? null : await currentOf(variants, layout.keyOf(original.key, spec), scratch, i) };
}

async function currentOf(variants: Store, key: string, scratch: Store, i: number): Promise<PreviewImage | null> {
  const held = await statIfHeld(variants, key).catch(asFailure);
  if (held === undefined || held instanceof Failure || held.size > LARGEST) return null;
  const image = await imageIn(variants, key).catch(asFailure);
  if (image instanceof Failure) return null;
  await scratch.write(`current/${i}`, image.bytes, { contentType: image.mediaType, cacheControl: null, fingerprint: '', originalEtag: '' });
  return image;
}

/** Expected trouble as a value; anything else is a bug. */
function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

async function imageIn(store: Store, key: string): Promise<PreviewImage & { readonly bytes: Buffer }> {
  const { bytes } = await store.read(key, LARGEST);
  return { mediaType: mediaTypeOf(bytes), bytes, width: null, height: null };
}
