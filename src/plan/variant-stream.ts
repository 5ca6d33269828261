import { compareKeys } from '../model/key.js';
import type { Layout, VariantListing } from '../model/layout.js';
import { isRefused, type Listed, type StoredObject } from '../model/original.js';
import type { Spec } from '../model/spec.js';
import { UserError } from '../model/user-error.js';
import { Cursor } from './cursor.js';

/** A variant that exists, with the originals that it may belong to. */
interface Claimed {
  readonly object: StoredObject;
  /** The last, in key order, of the originals whose variant it may be; null when it can be nobody's. */
  readonly lastOwner: string | null;
  /** Whether one of them has asked for it. */
  isOwned: boolean;
}

/** Told of each variant that exists as the listing passes it; says whether an original has waited for it. */
export type Match = (original: string, spec: Spec, object: StoredObject) => boolean;

/** Told of each object that is the variant of no original that was listed. */
export type OnUnowned = (object: StoredObject) => void;

/** The variant that is listed there, if one is. @throws UserError `location-unreadable` where that cannot be known */
export function objectIn(listed: Listed | undefined): StoredObject | undefined {
  if (listed === undefined || !isRefused(listed)) return listed;
  if (listed.refused !== 'access-denied') return undefined;
  throw new UserError(
    'location-unreadable',
    `Cannot list ${listed.key} in the variants (${listed.detail}), so what is missing there is unknown; allow reading it.`,
  );
}

/**
 * One listing of variants, followed beside the listing of originals.
 *
 * The two are in nearly the same order: a variant's place differs from its original's only among originals of which one
 * stem is a prefix of the other (see Layout.stemOf). There, the one with the shorter stem is held: a variant here, in
 * `held`, or an original by the caller. All that is held at one time are prefixes of one key, so it is bounded by the
 * length of a key, however many originals there are.
 */
export class VariantStream {
  readonly specs: readonly Spec[];
  readonly #cursor: Cursor<Listed>;
  readonly #layout: Layout;
  /** Where the listing begins. */
  readonly #after: string;
  readonly #held = new Map<string, Claimed>();
  readonly #onUnowned: OnUnowned;
  /** The object here, where an original has asked for it before the listing went on. */
  #ownedHead: string | null = null;

  constructor(pages: AsyncIterable<readonly Listed[]>, { after, specs }: VariantListing, layout: Layout, onUnowned: OnUnowned = () => undefined) {
    this.#onUnowned = onUnowned;
    this.#cursor = new Cursor(pages);
    this.#after = after;
    this.specs = specs;
    this.#layout = layout;
  }

  /** Whether this key comes before the listing's start, so that nothing is seen of it there. */
  beginsBehind(variantKey: string): boolean {
    return this.#after !== '' && compareKeys(variantKey, this.#after) <= 0;
  }

  /** Whether the listing is beyond this key, so that a variant not seen there does not exist. */
  hasPassed(variantKey: string): boolean {
    const head = this.#cursor.head;
    return head === undefined ? this.#cursor.ready : compareKeys(variantKey, head.key) < 0;
  }

  /** A variant that was passed before its original was reached. */
  heldVariant(variantKey: string): StoredObject | undefined {
    const held = this.#held.get(variantKey);
    if (held !== undefined) held.isOwned = true;
    return held?.object;
  }

  /**
   * What the listing has of these variants, the keys in order, as long as it goes from one to the next with nothing else
   * between: what is found is passed by. False where it is not so, or more of the listing must be fetched first; what was
   * found until then is in its want.
   *
   * @param wants of an original that shares none of these keys with another
   */
  takeAll(wants: readonly { readonly key: string; found: StoredObject | undefined }[]): boolean {
    if (this.#held.size > 0) return false;
    for (const want of wants) {
      const head = this.#cursor.head;
      if (head === undefined) {
        if (!this.#cursor.ready || this.beginsBehind(want.key)) return false;
        continue;
      }
      if (head.key === want.key && !isRefused(head)) {
        want.found = head;
        this.#cursor.advance();
      } else if (compareKeys(head.key, want.key) < 0 || this.beginsBehind(want.key) || isRefused(head)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Goes on as far as this original demands and no farther, but at the most to the end of a page.
   *
   * @param lastWanted the last of its variants' keys here
   * @returns whether it is there; else it is to be called again
   */
  async follow(original: string, lastWanted: string, match: Match): Promise<boolean> {
    this.#release(original);
    if (!this.#cursor.ready) await this.#cursor.load();
    for (;;) {
      const head = this.#cursor.head;
      if (head === undefined) return this.#cursor.ready;
      if (compareKeys(head.key, lastWanted) > 0) return true;
      const claimed = this.#claim(head, match);
      if (claimed !== null && claimed.lastOwner !== null && compareKeys(claimed.lastOwner, original) > 0) {
        const holdsOriginal = this.#layout.stemOf(claimed.lastOwner).length >= this.#layout.stemOf(original).length;
        if (holdsOriginal) return true;
        this.#held.set(head.key, claimed);
      } else this.#pass(claimed);
      this.#cursor.advance();
    }
  }

  /**
   * Goes on to the end of what these keys need, or of everything (null), when no original is to come any more; but at the
   * most to the end of a page.
   *
   * @returns whether it is there; else it is to be called again
   */
  async finish(lastWanted: string | null, match: Match): Promise<boolean> {
    if (!this.#cursor.ready) await this.#cursor.load();
    for (;;) {
      const head = this.#cursor.head;
      if (head === undefined) break;
      if (lastWanted !== null && compareKeys(head.key, lastWanted) > 0) return true;
      this.#pass(this.#claim(head, match));
      this.#cursor.advance();
    }
    if (!this.#cursor.ready) return false;
    if (lastWanted === null) {
      for (const claimed of this.#held.values()) this.#pass(claimed);
      this.#held.clear();
    }
    return true;
  }

  async close(): Promise<void> {
    await this.#cursor.close();
  }

  /** Nobody can ask for it any more. */
  #pass(claimed: Claimed | null): void {
    if (claimed?.isOwned === false) this.#onUnowned(claimed.object);
  }

  /** Tells whose variant this may be; null for what is no object. */
  #claim(head: Listed, match: Match): Claimed | null {
    const object = objectIn(head);
    if (object === undefined) return null;
    let lastOwner: string | null = null;
    for (const { spec, original } of this.#layout.originalsOf(head.key, this.specs)) {
      if (match(original, spec, object)) this.#ownedHead = head.key;
      if (lastOwner === null || compareKeys(original, lastOwner) > 0) lastOwner = original;
    }
    return { object, lastOwner, isOwned: this.#ownedHead === head.key };
  }

  /** Lets go of variants whose last possible original has been passed. */
  #release(original: string): void {
    for (const [key, claimed] of this.#held) {
      if (claimed.lastOwner === null || compareKeys(claimed.lastOwner, original) >= 0) continue;
      this.#pass(claimed);
      this.#held.delete(key);
    }
  }
}
