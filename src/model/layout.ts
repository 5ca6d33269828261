import { ADDED, addedExtension } from './extension.js';
import { eitherEnds, readTemplate, type Texts } from './layout-template.js';
import type { Spec } from './spec.js';

export { LayoutError } from './layout-template.js';

/** The rule from an original and a spec to the variant's key. Keys follow from keys alone, never from content. */
export interface Layout {
  readonly template: string;

  /** The variant's key. No two originals and specs share one, but for `rivalOf`. */
  keyOf(original: string, spec: Spec): string;

  /** The extension at the very end of the variant's key that the template did not put there: '' or e.g. '.webp'. */
  addedTo(original: string, spec: Spec): string;

  /**
   * The key of the original that owns this one's variant key, should it exist; null where there can be none. It is
   * this original's key with the added extension: `a` and `a.webp` meet in `square/a.webp`, and `a.webp` owns it, as
   * nothing had to be added to its name.
   */
  rivalOf(original: string, spec: Spec): string | null;

  /** The originals whose variant this key may be: none, one, or an original and its rival. */
  originalsOf(variantKey: string, specs: readonly Spec[]): { readonly spec: Spec; readonly original: string }[];

  /**
   * The part of the original's key on which the order of variant keys hinges. Two originals may come in another order
   * than their variants (of one listing) only if the stem of one is a prefix of the other's. It is the key itself; dir
   * and name where text stands between {name} and .{ext}; dir alone where text stands between {dir}/ and {name}.
   */
  stemOf(original: string): string;

  /**
   * What to list in order to see every variant of originals under a prefix, in nearly the order of the originals: one
   * listing for each spec where variants are kept apart at the front of the key, else one for all. A listing may hold
   * more than those.
   *
   * @param after only originals behind this key matter; empty for all
   */
  listings(specs: readonly Spec[], originalsPrefix: string, after: string): readonly VariantListing[];
}

export interface VariantListing {
  readonly prefix: string;
  /**
   * It may begin behind this key. Variants of a few originals may come before it all the same: of those whose stem is a
   * prefix of the key that was given, in layouts with text behind {name}. Empty: from its start.
   */
  readonly after: string;
  readonly specs: readonly Spec[];
}

/** @throws LayoutError when the template is faulty, or two of the specs could share a key in it */
export function parseLayout(template: string, specNames: readonly string[]): Layout {
  return new TemplateLayout(template, readTemplate(template, specNames));
}

/** Of an original's key; `dir` has its slash, `ext` its dot. */
interface Parts {
  readonly dir: string;
  readonly name: string;
  readonly ext: string;
}

class TemplateLayout implements Layout {
  readonly #texts: ReadonlyMap<string, Texts>;
  /** The texts between {name} and .{ext}, one for each spec; empty where there are none. */
  readonly #betweens: readonly string[];
  readonly #hasBefore: boolean;
  /** How many slashes follow {dir}/ in the template. */
  readonly #slashes: number;
  #last: { readonly original: string; readonly parts: Parts } = { original: '', parts: { dir: '', name: '', ext: '' } };

  constructor(
    readonly template: string,
    texts: ReadonlyMap<string, Texts>,
  ) {
    this.#texts = texts;
    const all = [...texts.values()];
    this.#betweens = all.map(({ between }) => between).filter((between) => between !== '');
    this.#hasBefore = all.some(({ before }) => before !== '');
    this.#slashes = all[0] === undefined ? 0 : (all[0].before + all[0].between).split('/').length - 1;
  }

  keyOf(original: string, spec: Spec): string {
    const plainKey = this.#plainKey(original, spec);
    return plainKey + addedExtension(original, plainKey, spec.format);
  }

  addedTo(original: string, spec: Spec): string {
    return addedExtension(original, this.#plainKey(original, spec), spec.format);
  }

  rivalOf(original: string, spec: Spec): string | null {
    const added = this.addedTo(original, spec);
    if (added === '') return null;
    const rival = original + added;
    return this.keyOf(rival, spec) === this.keyOf(original, spec) ? rival : null;
  }

  originalsOf(variantKey: string, specs: readonly Spec[]): { spec: Spec; original: string }[] {
    const endings = ['', ...Object.values(ADDED).filter((added) => variantKey.endsWith(added))];
    const plainKeys = endings.map((added) => variantKey.slice(0, variantKey.length - added.length));
    return specs.flatMap((spec) => {
      const readings = new Set(plainKeys.flatMap((plainKey) => this.#readings(plainKey, this.#textsOf(spec))));
      return [...readings]
        .filter((original) => this.keyOf(original, spec) === variantKey)
        .map((original) => ({ spec, original }));
    });
  }

  stemOf(original: string): string {
    const { dir, name } = this.#parts(original);
    if (this.#hasBefore) return dir;
    return this.#betweens.length > 0 ? dir + name : original;
  }

  listings(specs: readonly Spec[], originalsPrefix: string, after: string): VariantListing[] {
    // What follows the folder in the original's key may stand elsewhere in the variant's.
    const isWhole = !this.#hasBefore && this.#betweens.length === 0;
    const under = isWhole ? originalsPrefix : originalsPrefix.slice(0, originalsPrefix.lastIndexOf('/') + 1);
    // Text before {name} shuffles whole folders: there, no place in one listing says anything of the other.
    const begins = after !== '' && !this.#hasBefore;
    const listings = new Map<string, { after: string; specs: Spec[] }>();
    for (const spec of specs) {
      const { head } = this.#textsOf(spec);
      const sharing = listings.get(head + under);
      if (sharing === undefined) listings.set(head + under, { after: begins ? head + after : '', specs: [spec] });
      else sharing.specs.push(spec);
    }
    return [...listings].map(([prefix, listing]) => ({ prefix, ...listing }));
  }

  /** The key as the template gives it, before an extension is added. */
  #plainKey(original: string, spec: Spec): string {
    const { head, before, between, tail } = this.#textsOf(spec);
    const { dir, name, ext } = this.#parts(original);
    return head + dir + before + name + between + ext + tail;
  }

  /**
   * `ext` has its dot: a last dot without text behind it stays at its place, so that `a.` and `a` differ. What could be
   * read as the template's own text (`.x-small` with `-{variant}.{ext}`) is no extension but part of the name.
   */
  #parts(original: string): Parts {
    // Every spec asks for those of the same original.
    if (this.#last.original !== original) this.#last = { original, parts: this.#cut(original) };
    return this.#last.parts;
  }

  #cut(original: string): Parts {
    const dir = original.slice(0, original.lastIndexOf('/') + 1);
    const file = original.slice(dir.length);
    const dot = file.lastIndexOf('.');
    const ext = dot <= 0 ? '' : file.slice(dot);
    if (ext === '' || this.#betweens.some((between) => eitherEnds(between, ext))) return { dir, name: file, ext: '' };
    return { dir, name: file.slice(0, dot), ext };
  }

  /** How a key may be read if the template gave it; whether it did, only keyOf can tell. */
  #readings(plainKey: string, { head, before, between, tail }: Texts): string[] {
    if (!plainKey.startsWith(head) || !plainKey.endsWith(tail)) return [];
    const segments = plainKey.slice(head.length, plainKey.length - tail.length).split('/');
    const file = segments.splice(-1 - this.#slashes).join('/').slice(before.length);
    const dir = segments.map((segment) => `${segment}/`).join('');
    if (between === '') return [dir + file];
    const dot = file.lastIndexOf('.');
    return [...(dot < 0 ? [] : [dot]), file.length]
      .filter((end) => file.slice(0, end).endsWith(between))
      .map((end) => dir + file.slice(0, end - between.length) + file.slice(end));
  }

  #textsOf(spec: Spec): Texts {
    const texts = this.#texts.get(spec.name);
    if (texts === undefined) throw new Error(`the layout was not parsed for a spec "${spec.name}"`);
    return texts;
  }
}
