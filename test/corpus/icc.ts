/**
 * Minimal ICC profiles (version 2, three colorants and a gamma), made here so that nobody's profile has to be shipped.
 */
export interface Primaries {
  /** CIE xy of red, green and blue; the white point is D65. */
  readonly red: readonly [number, number];
  readonly green: readonly [number, number];
  readonly blue: readonly [number, number];
  readonly gamma: number;
}

export const ADOBE_RGB: Primaries = { red: [0.64, 0.33], green: [0.21, 0.71], blue: [0.15, 0.06], gamma: 563 / 256 };
export const SRGB_PRIMARIES = { red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06] } as const;

const D65 = [0.9504559, 1, 1.0890578] as const;
type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** Linear RGB to XYZ (D65). */
export function toXyz({ red, green, blue }: Pick<Primaries, 'red' | 'green' | 'blue'>): Matrix {
  const columns = [red, green, blue].map(([x, y]) => [x / y, 1, (1 - x - y) / y] as const);
  const m = transpose(columns as unknown as Matrix);
  const scale = apply(invert(m), D65);
  return m.map((row) => row.map((value, i) => value * (scale[i] ?? 0))) as unknown as Matrix;
}

/** What a colour of these primaries is in sRGB, 0 to 255, computed independently of any library. */
export function inSrgb(primaries: Primaries, rgb: Vector): Vector {
  const linear = rgb.map((value) => (value / 255) ** primaries.gamma) as unknown as Vector;
  const srgb = apply(invert(toXyz(SRGB_PRIMARIES)), apply(toXyz(primaries), linear));
  return srgb.map((value) => {
    const clipped = Math.min(1, Math.max(0, value));
    const encoded = clipped <= 0.0031308 ? clipped * 12.92 : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255);
  }) as unknown as Vector;
}

/** The profile file. Its colorants are adapted to D50 by Bradford's method, as the format asks. */
export function profile(primaries: Primaries): Buffer {
  const colorants = transpose(multiply(BRADFORD_D65_TO_D50, toXyz(primaries)));
  const tone = curve(primaries.gamma);
  return file('RGB ', [
    ['rXYZ', xyz(colorants[0])],
    ['gXYZ', xyz(colorants[1])],
    ['bXYZ', xyz(colorants[2])],
    ['rTRC', tone],
    ['gTRC', tone],
    ['bTRC', tone],
  ]);
}

/** The profile file of grays of this gamma. */
export function grayProfile(gamma: number): Buffer {
  return file('GRAY', [['kTRC', curve(gamma)]]);
}

function file(space: string, colours: readonly (readonly [string, Buffer])[]): Buffer {
  const tags: (readonly [string, Buffer])[] = [
    ['desc', description('test')],
    ['cprt', Buffer.from('text\0\0\0\0none\0\0\0\0', 'latin1')],
    ['wtpt', xyz([0.9642, 1, 0.8249])],
    ...colours,
  ];
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length);
  let at = 128 + table.length;
  tags.forEach(([name, data], i) => {
    table.write(name, 4 + i * 12, 'latin1');
    table.writeUInt32BE(at, 8 + i * 12);
    table.writeUInt32BE(data.length, 12 + i * 12);
    at += data.length;
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at);
  header.writeUInt32BE(0x02400000, 8);
  header.write(`mntr${space}XYZ `, 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  xyz([0.9642, 1, 0.8249]).copy(header, 68, 8);
  return Buffer.concat([header, table, ...tags.map(([, data]) => data)]);
}

function curve(gamma: number): Buffer {
  const tag = Buffer.alloc(16);
  tag.write('curv', 'latin1');
  tag.writeUInt32BE(1, 8);
  tag.writeUInt16BE(Math.round(gamma * 256), 12);
  return tag;
}

function xyz(vector: Vector): Buffer {
  const tag = Buffer.alloc(20);
  tag.write('XYZ ', 'latin1');
  vector.forEach((value, i) => tag.writeInt32BE(Math.round(value * 65536), 8 + i * 4));
  return tag;
}

function description(text: string): Buffer {
  const tag = Buffer.alloc(12 + text.length + 1 + 78 + 1);
  tag.write('desc', 'latin1');
  tag.writeUInt32BE(text.length + 1, 8);
  tag.write(text, 12, 'latin1');
  return Buffer.concat([tag, Buffer.alloc((4 - (tag.length % 4)) % 4)]);
}

const BRADFORD_D65_TO_D50: Matrix = [
  [1.0478112, 0.0228866, -0.050127],
  [0.0295424, 0.9904844, -0.0170491],
  [-0.0092345, 0.0150436, 0.7521316],
];

function transpose([a, b, c]: Matrix): Matrix {
  return [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
}

function apply(matrix: Matrix, [x, y, z]: Vector): Vector {
  const [a, b, c] = matrix;
  return [a[0] * x + a[1] * y + a[2] * z, b[0] * x + b[1] * y + b[2] * z, c[0] * x + c[1] * y + c[2] * z];
}

function multiply(a: Matrix, b: Matrix): Matrix {
  const [x, y, z] = transpose(b);
  return transpose([apply(a, x), apply(a, y), apply(a, z)]);
}

function invert([a, b, c]: Matrix): Matrix {
  const cross = (p: Vector, q: Vector): Vector => [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
  const bc = cross(b, c);
  const determinant = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2];
  const over = (v: Vector): Vector => [v[0] / determinant, v[1] / determinant, v[2] / determinant];
  return transpose([over(bc), over(cross(c, a)), over(cross(a, b))]);
}
