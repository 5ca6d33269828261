import type { Preview, PreviewImage, PreviewSpec } from '../../model/preview.js';
import { plural, showBytes } from '../format.js';
import { failureMessage } from '../wording.js';
import { dataUri, html, type Html } from './html.js';
import { page, table } from './page.js';

/** One original by the specs as they stand, beside its variants as they are. */
export function previewPage({ original, bytes, specs }: Preview): string {
  const made = specs.reduce((sum, spec) => sum + (spec.made?.bytes.length ?? 0), 0);
  const head = html`<p class="soft">imgvar preview</p><h1 class="key">${original}</h1><p class="soft">${showBytes(bytes)}; ${plural(specs.length, 'spec')}, ${showBytes(made)} together</p>`;
  const sections = [{ id: 'numbers', name: 'The numbers', body: numbers(specs) }, ...specs.map((spec, i) => ({ id: `spec-${i}`, name: spec.name, body: pair(spec) }))];
  return page(`imgvar preview ${original}`, head, sections, html`SSIM compares brightness, contrast and structure of two images; 1 is the same. To lossless: what the encoding of the variant costs. Nothing was written to the variants.`);
}

export function likenessText(likeness: number | null): string {
  return likeness === null ? '' : likeness.toFixed(4);
}

function numbers(specs: readonly PreviewSpec[]): Html {
  const rows = specs.map(({ name, made, current, likeness, trouble }) => [
    name,
    made === null ? (trouble?.code ?? '') : sizeText(made),
    made === null ? '' : showBytes(made.bytes.length),
    likenessText(likeness.lossless),
    current === null ? 'none' : showBytes(current.bytes.length),
    made === null || current === null ? '' : changeText(made.bytes.length / current.bytes.length),
    likenessText(likeness.current),
  ]);
  return table('What the config makes now, and what there is', ['spec', 'pixels', 'bytes', 'SSIM to lossless', 'bytes there', 'change', 'SSIM to what is there'], rows);
}

function pair({ name, key, made, current, trouble }: PreviewSpec): Html {
  return html`<p class="key soft">${key}</p><div class="pair">${made === null ? html`<figure><div class="none">${trouble === null ? 'not made' : failureMessage(trouble)}</div><figcaption>as the config says</figcaption></figure>` : picture(made, `${name}, as the config says`, 'as the config says')}${
    current === null ? html`<figure><div class="none">there is none</div><figcaption>as it is</figcaption></figure>` : picture(current, `${name}, as it is`, 'as it is')
  }</div>`;
}

function picture(image: PreviewImage, alt: string, caption: string): Html {
  const size = image.width === null || image.height === null ? '' : html` width="${image.width}" height="${image.height}"`;
  return html`<figure><img src="${dataUri(image.mediaType, image.bytes)}" alt="${alt}"${size}><figcaption>${caption}: ${[sizeText(image), showBytes(image.bytes.length)].filter((text) => text !== '').join(', ')}</figcaption></figure>`;
}

function sizeText({ width, height }: PreviewImage): string {
  return width === null || height === null ? '' : `${width}x${height}`;
}

function changeText(ratio: number): string {
  const percent = Math.round((ratio - 1) * 100);
  return percent > 0 ? `+${percent}%` : `${percent}%`;
}
