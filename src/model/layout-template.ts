import { ADDED, formatOf } from './extension.js';

/** A layout that cannot be used; the message is a sentence that names the template's fault. */
export class LayoutError extends Error {
  override readonly name = 'LayoutError';
}

/**
 * What a template puts around the parts of an original's key:
 *
 *     head + dir + before + name + between + ext + tail
 *
 * `dir` has its slash and `ext` its dot, so where an original has none of them nothing stays behind. `{path}` is
 * `dir + name + ext` with nothing before and between. The spec's name is in exactly one of the four texts.
 */
export interface Texts {
  readonly head: string;
  readonly before: string;
  readonly between: string;
  readonly tail: string;
}

const VARIANT = '{variant}';
const FORMS =
  'use {variant} once and either {path} once, or {dir}/, {name} and .{ext} once each in this order, as in {variant}/{path} or {dir}/{name}-{variant}.{ext}';

/** The texts for each spec's name. @throws LayoutError */
export function readTemplate(template: string, specNames: readonly string[]): ReadonlyMap<string, Texts> {
  refuseUnknown(template);
  const cut = cutTemplate(template);
  const texts = new Map(specNames.map((name) => [name, withName(cut, name)]));
  refuseBadSegments(template, cut, texts);
  refuseSharedKeys(cut, texts);
  refuseMistakenEndings(cut, texts);
  return texts;
}

function refuseUnknown(template: string): void {
  for (const [placeholder] of template.matchAll(/\{[^{}]*\}|[{}]/g)) {
    if (['{variant}', '{path}', '{dir}', '{name}', '{ext}'].includes(placeholder)) continue;
    throw new LayoutError(`${placeholder} is not a placeholder; there are {variant}, {path}, {dir}, {name} and {ext}`);
  }
  if (/[\p{Cc}\p{Surrogate}]/u.test(template)) throw new LayoutError('it holds a control character or half a character');
}

/** The four texts, with `{variant}` still in one of them. */
function cutTemplate(template: string): Texts {
  const form = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => name !== 'variant');
  if (template.split(VARIANT).length !== 2) throw new LayoutError(`it must hold {variant} once; ${FORMS}`);
  if (form.join() === 'path') {
    const [head = '', tail = ''] = template.split('{path}');
    return { head, before: '', between: '', tail };
  }
  if (form.join() !== 'dir,name,ext') throw new LayoutError(`its placeholders do not add up to a key; ${FORMS}`);

  const [head = '', before = '', betweenAndDot = '', tail = ''] = template.split(/\{dir\}|\{name\}|\{ext\}/);
  if (head !== '' && !head.endsWith('/')) throw new LayoutError('{dir} must stand at the start of a segment');
  if (!before.startsWith('/')) throw new LayoutError('{dir} must be followed by a slash');
  if (!betweenAndDot.endsWith('.')) throw new LayoutError('{ext} must be preceded by a dot');
  return { head, before: before.slice(1), between: betweenAndDot.slice(0, -1), tail };
}

function withName({ head, before, between, tail }: Texts, name: string): Texts {
  const fill = (text: string): string => text.replace(VARIANT, name);
  return { head: fill(head), before: fill(before), between: fill(between), tail: fill(tail) };
}

function refuseBadSegments(template: string, cut: Texts, texts: ReadonlyMap<string, Texts>): void {
  const withoutExt = `${cut.head}{dir}/${cut.before}{name}${cut.between}${cut.tail}`;
  for (const segment of [...template.split('/'), ...withoutExt.split('/')]) {
    if (segment === '') throw new LayoutError('it has an empty segment: no slash at either end, and no two in a row');
    if (segment === '.' || segment === '..') throw new LayoutError(`a key cannot have a segment "${segment}"`);
  }
  for (const { head } of texts.values()) {
    if (head.toLowerCase().startsWith('.imgvar/')) throw new LayoutError('.imgvar is kept for imgvar itself; begin with another folder');
  }
}

/**
 * Refuses spec names that could be read in two ways: in `{name}-{variant}`, `x-small` is variant `small` of `x`, so there
 * cannot be a spec `x-small` as well. A slash between keeps names apart, as they have none.
 */
function refuseSharedKeys(cut: Texts, texts: ReadonlyMap<string, Texts>): void {
  const [inFront] = [cut.head, cut.before].filter((text) => text.includes(VARIANT));
  const [behind = ''] = [cut.between, cut.tail].filter((text) => text.includes(VARIANT));
  const clash = (one: string, other: string): boolean => {
    if (inFront === undefined) return (beforeVariant(behind) + one).endsWith(beforeVariant(behind) + other);
    return (one + afterVariant(inFront)).startsWith(other + afterVariant(inFront));
  };
  for (const one of texts.keys()) {
    for (const other of texts.keys()) {
      if (one === other || !clash(one, other)) continue;
      throw new LayoutError(
        `with the specs "${one}" and "${other}" two originals could share a key; rename one, or put a slash between {variant} and its neighbour`,
      );
    }
  }
}

/**
 * Refuses texts after the original's name that read like an added extension, or the end of one: in `{path}.{variant}` the
 * variant `webp` of one original could be the variant `small` of another, with `.webp` added.
 */
function refuseMistakenEndings(cut: Texts, texts: ReadonlyMap<string, Texts>): void {
  for (const [name, { between, tail }] of texts) {
    const closing = tail === '' ? between : tail;
    if (closing === '') continue;
    for (const [format, added] of Object.entries(ADDED)) {
      // `{path}/{variant}.jpg` is never given another `.jpg`.
      const neverAdded = formatOf(cut.tail.replace(VARIANT, 'x')) === format;
      if (neverAdded || !eitherEnds(closing, added)) continue;
      throw new LayoutError(`"${closing}" (spec "${name}") behind the original's name could be mistaken for an added extension`);
    }
  }
}

function afterVariant(text: string): string {
  return text.slice(text.indexOf(VARIANT) + VARIANT.length);
}

function beforeVariant(text: string): string {
  return text.slice(0, text.indexOf(VARIANT));
}

/** Whether one of the two is how the other ends. */
export function eitherEnds(a: string, b: string): boolean {
  return a.endsWith(b) || b.endsWith(a);
}
