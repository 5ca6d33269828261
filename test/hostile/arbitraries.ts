import fc from 'fast-check';

/** How often each property is tried; `npm run fuzz` sets more. */
export const RUNS = Number(process.env['IMGVAR_FUZZ_RUNS'] ?? 150);

/** Texts that have broken programs: terminals, shells, paths, spreadsheets, pages, encodings, objects. */
const TEXTS = [
  '', ' ', '.', '..', '../../etc/passwd', '/', '//', '/etc/passwd', 'a/../b', 'a/./b', '\\', 'C:\\x', 'CON', 'nul.jpg', 'a:b', 'trailing. ', '~', '~root',
  '\0', 'a\0b', '\n', '\r\n', '\t', '\x1b[31mred\x1b[0m', '\x1b]0;title\x07', '\x9b31m', '\x7f', '\u2028', '\ufeff', '\ufffe', '\u202egpj.exe', '\u0301', 'e\u0301', 'é',
  '\ud800', '\udc00x', 'a\ud83d', '😀', '\u{10ffff}', '--json', '-rf', '--', '-', '$(reboot)', '`id`', '%2e%2e%2f', '%', '%00', '+', 'a+b', 'a%20b', '*?[x]', '{variant}', '{path}',
  '=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '|cmd', '"', '""', "'", ',', 'a,"b"', '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '&lt;', '</title>', '{{x}}', '${x}',
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'length', 'null', 'undefined', 'NaN', '0', '1e999', '.imgvar', '.imgvar/specs.json', 's3://', 's3://b/k', 'file:///etc/passwd',
  'n'.repeat(255), 'n'.repeat(256), 'k'.repeat(1024), 'k'.repeat(1025), 'd/'.repeat(512), 'ü'.repeat(512),
];

/** Any text that JavaScript can hold, also such as has no encoding. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...TEXTS), fc.constantFrom(...TEXTS)).map((two) => two.join('/')) },
);

const hostileNumber = fc.constantFrom(-1, -0, 0, 1, 0.5, 1e-9, 255, 65_536, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e21, 1e308, -1e308);

/** Values of JSON. Objects may have a `__proto__` of their own, as JSON.parse makes them, and what JavaScript calls by itself. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, false),
    hostileNumber,
    hostileText,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(hostileText, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    fc.constantFrom<unknown>({ toString: null, valueOf: null }, { length: -1 }, { length: 2 ** 32 }, { toJSON: 'x' }, JSON.parse('{"__proto__":{"x":1}}'), JSON.parse('['.repeat(500) + ']'.repeat(500))),
  ),
})).value;

type Place = readonly (string | number)[];
type Change = { readonly kind: 'replaced'; readonly by: unknown } | { readonly kind: 'removed' } | { readonly kind: 'repeated' } | { readonly kind: 'added'; readonly name: string; readonly by: unknown };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('replaced' as const), by: hostileJson }) },
  fc.constant<Change>({ kind: 'removed' }),
  fc.constant<Change>({ kind: 'repeated' }),
  fc.record({ kind: fc.constant('added' as const), name: hostileText, by: hostileJson }),
);

/** A value of JSON in which one to three things are other than they were. */
export function mutatedJson(value: unknown): fc.Arbitrary<unknown> {
  const place = fc.constantFrom(...placesIn(value, []));
  return fc.array(fc.tuple(place, change), { minLength: 1, maxLength: 3 }).map((changes) => changes.reduce((json, [at, how]) => changed(json, at, how), value));
}

function placesIn(value: unknown, at: Place): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries: [string | number, unknown][] = Array.isArray(value) ? value.map((part, index) => [index, part]) : Object.entries(value);
  return [at, ...entries.flatMap(([name, part]) => placesIn(part, [...at, name]))];
}

function changed(value: unknown, [name, ...rest]: Place, how: Change): unknown {
  if (name === undefined) return how.kind === 'replaced' ? how.by : how.kind === 'added' ? withAdded(value, how) : value;
  if (Array.isArray(value)) {
    const at = Number(name);
    if (rest.length > 0 || how.kind === 'replaced' || how.kind === 'added') return value.map((part: unknown, index) => (index === at ? changed(part, rest, how) : part));
    return value.flatMap((part: unknown, index) => (index !== at ? [part] : how.kind === 'removed' ? [] : [part, part]));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (rest.length === 0 && how.kind === 'removed') return Object.fromEntries(entries.filter(([other]) => other !== name));
  return Object.fromEntries(entries.map(([other, part]) => [other, other === name ? changed(part, rest, how) : part] as const));
}

/** As JSON.parse has it: `__proto__` is a name as any other. */
function withAdded(value: unknown, { name, by }: Change & { kind: 'added' }): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries([...Object.entries(value), [name, by]]) : value;
}

/** Bytes of which some are other, gone, or come twice. @param most how many changes at the most */
export function mutatedBytes(bytes: Buffer, most = 3): fc.Arbitrary<Buffer> {
  const at = fc.nat(Math.max(0, bytes.length - 1));
  const one = fc.oneof(
    fc.tuple(at, fc.integer({ min: 0, max: 7 })).map(([where, bit]) => (before: Buffer) => {
      const after = Buffer.from(before);
      if (where < after.length) after[where] = (after[where] ?? 0) ^ (1 << bit);
      return after;
    }),
    fc.tuple(at, fc.integer({ min: 0, max: 255 })).map(([where, byte]) => (before: Buffer) => Buffer.concat([before.subarray(0, where), Buffer.from([byte]), before.subarray(where + 1)])),
    at.map((where) => (before: Buffer) => before.subarray(0, where)),
    fc.tuple(at, fc.nat(40)).map(([where, length]) => (before: Buffer) => Buffer.concat([before.subarray(0, where), before.subarray(where + length)])),
    fc.tuple(at, fc.nat(40)).map(([where, length]) => (before: Buffer) => Buffer.concat([before.subarray(0, where + length), before.subarray(where)])),
    fc.tuple(at, fc.uint8Array({ maxLength: 8 })).map(([where, some]) => (before: Buffer) => Buffer.concat([before.subarray(0, where), some, before.subarray(where)])),
  );
  return fc.array(one, { minLength: 1, maxLength: most }).map((changes) => changes.reduce((before, next) => next(before), bytes));
}
