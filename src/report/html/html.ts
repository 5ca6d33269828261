/** Markup that is safe to write as it is. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = string | number | null | false | undefined | Html | readonly Value[];

/** A piece of a page. Whatever is put in and is not markup itself is text, whoever chose it. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.reduce((text, part, i) => text + textOf(values[i - 1]) + part));
}

function textOf(value: Value): string {
  if (value === null || value === false || value === undefined) return '';
  if (value instanceof Html) return value.text;
  return typeof value === 'object' ? value.map(textOf).join('') : escaped(String(value));
}

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What a browser would not show, or would show in another order, as well: keys are chosen by strangers. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => NAMED[character] ?? '').replace(/[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** An image that is part of the page. */
export function dataUri(mediaType: string, bytes: Uint8Array): string {
  return `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
}
