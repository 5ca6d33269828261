import { deflateSync } from 'node:zlib';

const TEXT = 2;
const SHORT = 3;
const LONG = 4;

/** @typedef {readonly [tag: number, type: number, values: readonly number[]]} Entry */

/**
 * A TIFF file of one tone, deflated, whose channels stand one after the other, each in one strip: its decoder holds them all.
 *
 * @param {{ width: number, height: number, channels: 3 | 4, bits: 8 | 16 | 32, texts?: Readonly<Record<number, string>> }} picture of 32
 *   bits are floating-point numbers; texts by their tags
 * @returns {Buffer}
 */
export function planarTiff({ width, height, channels, bits, texts = {} }) {
  // All channels are the same, and so is their strip.
  const strip = deflateSync(Buffer.alloc((width * height * bits) / 8, 0x3f), { level: 1 });
  /** @param {number} value */
  const each = (value) => Array.from({ length: channels }, () => value);
  /** @type {(strips: number) => readonly Entry[]} */
  const entries = (strips) => [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, each(bits)],
    // Deflate.
    [259, SHORT, [8]],
    // RGB.
    [262, SHORT, [2]],
    [273, LONG, each(strips)],
    [277, SHORT, [channels]],
    [278, LONG, [height]],
    [279, LONG, each(strip.length)],
    // Planes.
    [284, SHORT, [2]],
    // Alpha, for those that have it.
    ...(channels === 4 ? [/** @type {const} */ ([338, SHORT, [2]])] : []),
    // Floating-point numbers, or whole ones.
    [339, SHORT, each(bits === 32 ? 3 : 1)],
    ...Object.entries(texts).map(([tag, text]) => /** @type {const} */ ([Number(tag), TEXT, [...Buffer.from(`${text}\0`, 'utf8')]])),
  ];
  const head = directory(entries(directory(entries(0)).length));
  return Buffer.concat([head, strip]);
}

/**
 * The file up to its strips.
 *
 * @param {readonly Entry[]} entries
 */
function directory(entries) {
  const head = Buffer.alloc(8 + 2 + 12 * entries.length + 4);
  head.write('MM\0*', 'latin1');
  head.writeUInt32BE(8, 4);
  head.writeUInt16BE(entries.length, 8);
  /** @type {Buffer[]} */
  const behind = [];
  let free = head.length;
  const sorted = [...entries].sort(([a], [b]) => a - b);
  sorted.forEach(([tag, type, values], i) => {
    const at = 10 + 12 * i;
    head.writeUInt16BE(tag, at);
    head.writeUInt16BE(type, at + 2);
    head.writeUInt32BE(values.length, at + 4);
    const bytes = Buffer.concat(values.map((value) => number(value, type)));
    if (bytes.length <= 4) {
      bytes.copy(head, at + 8);
      return;
    }
    head.writeUInt32BE(free, at + 8);
    behind.push(bytes);
    free += bytes.length;
  });
  return Buffer.concat([head, ...behind]);
}

/**
 * @param {number} value
 * @param {number} type
 */
function number(value, type) {
  const bytes = Buffer.alloc(type === TEXT ? 1 : type === SHORT ? 2 : 4);
  bytes.writeUIntBE(value, 0, bytes.length);
  return bytes;
}
