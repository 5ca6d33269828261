/**
 * Keys name objects in a location. They are opaque text, relative to the location's root, with `/` between segments.
 *
 * They are ordered by their UTF-8 bytes, as S3 orders a listing. JavaScript's `<` compares UTF-16 units instead, which
 * puts characters beyond U+FFFF (emoji) before U+E000 to U+FFFF; two listings in different orders cannot be joined.
 */

/** Negative, zero or positive, as `a` comes before, at or after `b` in UTF-8 byte order. */
export function compareKeys(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return utf8Rank(x) - utf8Rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for characters beyond U+FFFF, so they rank above every other unit. */
function utf8Rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
