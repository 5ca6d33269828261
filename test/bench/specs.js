/** @typedef {import('../../dist/model/spec.js').Spec} Spec */

/**
 * @param {string} name
 * @param {number} side
 * @param {'inside' | 'cover'} fit
 * @returns {Spec}
 */
function spec(name, side, fit) {
  return {
    name,
    width: side,
    height: side,
    fit,
    position: 'centre',
    background: '#ffffff',
    format: 'jpeg',
    quality: null,
    lossless: false,
    effort: null,
    progressive: false,
    enlarge: false,
    cacheControl: null,
    keep: [],
    animated: true,
  };
}

/** The six of the levels preset, and the seventh that was added later. Quality 80, sharp's default. */
export const SEVEN = [
  spec('xlarge', 2048, 'inside'),
  spec('added', 1600, 'inside'),
  spec('large', 1280, 'inside'),
  spec('medium', 800, 'inside'),
  spec('small', 400, 'inside'),
  spec('square-medium', 500, 'cover'),
  spec('square-small', 150, 'cover'),
];

export const QUALITY = 80;
