/** @typedef {import('./listing.js').KeySequence} KeySequence */

/** Numbers that rise with their index, spread evenly over eight hexadecimal digits, as in names by hash. @param {number} length @returns {KeySequence} */
export function hashes(length) {
  return { length, at: (i) => `${Math.floor(((i + 0.5) * 2 ** 32) / length).toString(16).padStart(8, '0')}.jpg` };
}

/** One of a hundred before, one of a hundred after, all else under one long beginning. @param {number} length @returns {KeySequence} */
export function skewed(length) {
  const few = Math.floor(length / 200);
  const name = (/** @type {number} */ i) => String(i).padStart(9, '0');
  return {
    length,
    at(i) {
      if (i < few) return `a/${name(i)}.jpg`;
      if (i >= length - few) return `z/${name(i)}.jpg`;
      return `customers/acme-corporation/imports/2024/uploads/IMG_${name(i)}.jpg`;
    },
  };
}

/** So many a day over three years, in folders by date. @param {number} length @returns {KeySequence} */
export function dated(length) {
  const perDay = Math.ceil(length / (3 * 365));
  return {
    length,
    at(i) {
      const day = new Date(Date.UTC(2022, 0, 1 + Math.floor(i / perDay)));
      return `photos/${day.toISOString().slice(0, 10).replaceAll('-', '/')}/IMG_${String(i % perDay).padStart(6, '0')}.jpg`;
    },
  };
}

/** Of many scripts, beyond U+FFFF too. @param {number} length @returns {KeySequence} */
export function ofManyScripts(length) {
  const starts = ['é', 'ж', 'ك', '日', '語', '한', '\ue000', '\uffee', '😀', '🦊'];
  const keys = Array.from({ length }, (_, i) => {
    const point = (starts[i % starts.length]?.codePointAt(0) ?? 0) + (Math.floor(i / starts.length) % 40);
    return `${String.fromCodePoint(point)}/${starts[(i * 7) % starts.length]}${i}`;
  });
  keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return { length, at: (i) => keys[i] ?? '' };
}

/** @param {number} length @returns {KeySequence} */
export function numbered(length) {
  return { length, at: (i) => String(i).padStart(10, '0') };
}
