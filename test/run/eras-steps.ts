import fc from 'fast-check';
import type { Mode } from '../../src/model/job.js';
import type { Spec } from '../../src/model/spec.js';
import { spec } from '../support.js';

/** What may happen to a config, its originals and its variants, and between its runs. */

export const NAMES = ['a', 'b', 'c'] as const;
export const KEYS = ['1.jpg', '2.jpg', 'd/3.jpg', 'd/4.jpg', 'e.jpg'];

export const FORMATS = ['original', 'webp'] as const;

/** What may change in a spec; there are few, so that many come back. */
const CHANGES: readonly Partial<Spec>[] = [
  ...[70, 80, 90].map((quality) => ({ quality })),
  ...FORMATS.map((format) => ({ format })),
  ...(['inside', 'cover'] as const).map((fit) => ({ fit })),
  { width: 60 },
  { width: 100 },
];

/** The specs of a config. */
export type Specs = ReadonlyMap<string, Spec>;

export type Step =
  | { readonly do: 'edit'; readonly name: (typeof NAMES)[number]; readonly change: Partial<Spec> }
  /** A spec leaves the config, or comes back into it as it was. */
  | { readonly do: 'toggle'; readonly name: (typeof NAMES)[number] }
  | { readonly do: 'run'; readonly mode: Mode; readonly only: readonly string[]; readonly fresh: boolean; readonly killedAfter: number }
  | { readonly do: 'regenerate'; readonly key: string; readonly only: readonly string[] }
  | { readonly do: 'replace'; readonly key: string }
  | { readonly do: 'lose'; readonly key: string; readonly name: string }
  /** The root is copied, which gives everything a new time; the copy is given up again, or taken as it is. */
  | { readonly do: 'copy'; readonly adopt: boolean };

const some = fc.subarray([...NAMES], { minLength: 1 });
const name = fc.constantFrom(...NAMES);
const edit = fc.record({ do: fc.constant('edit' as const), name, change: fc.constantFrom(...CHANGES) });
export const step: fc.Arbitrary<Step> = fc.oneof(
  edit,
  edit,
  fc.record({ do: fc.constant('toggle' as const), name }),
  fc.record({ do: fc.constant('run' as const), mode: fc.constantFrom('due', 'missing', 'all'), only: some, fresh: fc.boolean(), killedAfter: fc.constantFrom(0, 1, 2, 5, 99) }),
  fc.record({ do: fc.constant('regenerate' as const), key: fc.constantFrom(...KEYS), only: some }),
  fc.record({ do: fc.constant('replace' as const), key: fc.constantFrom(...KEYS) }),
  fc.record({ do: fc.constant('lose' as const), key: fc.constantFrom(...KEYS), name }),
  fc.record({ do: fc.constant('copy' as const), adopt: fc.boolean() }),
);
export const config = fc.tuple(...NAMES.map((of) => fc.constantFrom(...CHANGES).map((change) => [of, spec(of, change)] as const))).map((specs): Specs => new Map(specs));
