import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHTML } from 'linkedom';
import type { RunReport } from '../../src/model/report.js';
import { dataUri, escaped, html } from '../../src/report/html/html.js';
import { runReportPage } from '../../src/report/html/run-report.js';
import { previewPage } from '../../src/report/html/preview.js';

const HOSTILE = '<img src=x onerror=alert(1)>"\'&\u202egpj.\u0007';

describe('a page', () => {
  it('shows as text what is no markup of its own', () => {
    expect(html`<p title="${HOSTILE}">${HOSTILE}</p>`.text).not.toMatch(/<img|"'|\u202e|[\p{Cc}]/u);
    expect(html`<b>${['<', html`<i>${'&'}</i>`, null, false, 3]}</b>`.text).toBe('<b>&lt;<i>&amp;</i>3</b>');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { document } = parseHTML(`<p>${escaped(text)}</p>`);
        expect(document.querySelectorAll('*')).toHaveLength(1);
      }),
    );
  });

  it('holds images itself', () => {
    expect(dataUri('image/webp', Buffer.from('abc'))).toBe('data:image/webp;base64,YWJj');
  });
});

/** @param failures of one code, each with a key of its own */
function report(failures: number): RunReport {
  const key = (i: number): string => `users/${i}/${HOSTILE}.jpg`;
  return {
    run: {
      type: 'run-record', id: '20261125T000000000Z-aaaaaa', state: 'complete', stoppedBy: null, command: 'reprocess', originals: `s3://o/${HOSTILE}/`, variants: 's3://v/', mode: 'due', specs: ['small', 'web'], filter: {}, terms: {},
      startedAt: '2026-11-25T00:00:00.000Z', seconds: 5400, sums: { originals: 300_000, due: 600_000, made: 590_000, upToDate: 0, failed: failures, bytesRead: 8e9, bytesWritten: 9e9 },
      requests: { get: 0, put: 0, head: 0, list: 0, delete: 0, retries: 0 }, left: [], secondTry: 'done', failures: { timeout: failures },
    },
    bill: { usd: 3.5, estimatedUsd: 3.25, lines: [{ item: 'put', unit: 'requests', unitPrice: 5e-6, estimated: { quantity: 600_000, usd: 3 }, actual: { quantity: 650_000, usd: 3.25 } }] },
    usd: 3.5,
    cpuSeconds: 10_000,
    rates: Array.from({ length: 240 }, (_, i) => ({ seconds: (i + 1) * 22.5, originals: 50 + (i % 7), failed: i % 5 })),
    failures: [{ code: 'timeout', count: failures, first: Array.from({ length: 50 }, (_, i) => ({ original: key(i), variant: i % 2 === 0 ? null : 'small', detail: HOSTILE })) }],
    specs: [{ name: 'small', made: 300_000, bytes: 5e9, savings: [{ format: 'webp', ratio: 0.7 }] }, { name: 'web', made: 290_000, bytes: 4e9, savings: [] }],
    sheet: [{ original: { name: '', key: key(1), bytes: 9, image: Buffer.from('x'), trouble: null }, variants: [{ name: 'small', key: 'k', bytes: null, image: null, trouble: null }, { name: 'web', key: 'l', bytes: 3, image: null, trouble: 'corrupt-image' }] }],
    sampled: 1,
  };
}

describe('the report of a run', () => {
  const { document } = parseHTML(runReportPage(report(40_000)));

  it('asks for nothing from outside and runs nothing', () => {
    expect(document.querySelectorAll('script, iframe, object, embed, form, base')).toHaveLength(0);
    for (const element of document.querySelectorAll('[src], [href]')) expect(element.getAttribute('src') ?? element.getAttribute('href')).toMatch(/^(data:|#)/);
    for (const element of document.querySelectorAll('*')) for (const name of element.getAttributeNames()) expect(name).not.toMatch(/^on/);
    expect(document.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'");
  });

  it('can be read by those who do not see it, and without a mouse', () => {
    for (const image of document.querySelectorAll('img')) expect(image.getAttribute('alt')).not.toBe('');
    for (const table of document.querySelectorAll('table')) expect(table.querySelectorAll('th[scope]').length).toBeGreaterThan(2);
    for (const region of document.querySelectorAll('.scroll, .strip')) expect([region.getAttribute('tabindex'), region.getAttribute('aria-label')]).toEqual(['0', expect.stringMatching(/./)]);
    for (const link of document.querySelectorAll('nav a')) expect(document.querySelector(`[id="${link.getAttribute('href')?.slice(1)}"]`)).not.toBeNull();
    for (const chart of document.querySelectorAll('figure > svg')) expect([chart.getAttribute('role'), chart.getAttribute('aria-label')]).toEqual(['img', expect.stringMatching(/./)]);
    expect(document.querySelector('html')?.getAttribute('lang')).toBe('en');
  });

  it('has the numbers, the bill and the failures', () => {
    const text = document.body.textContent;
    for (const words of ['300,000', '590,000', '$3.50', '$3.25', 'PUT of variants', 'timeout', '40,000', 'and 39,950 more', '-30%', 'missing', 'corrupt-image']) expect(text).toContain(words);
  });

  it('is small, however many failed', () => {
    expect(runReportPage(report(300_000)).length).toBeLessThan(5_000_000);
  });
});

it('a preview shows both, or says why not', () => {
  const image = { mediaType: 'image/jpeg', bytes: Buffer.from('x'), width: 10, height: 20 };
  const { document } = parseHTML(
    previewPage({
      original: HOSTILE,
      bytes: 5,
      specs: [
        { name: 'small', key: HOSTILE, made: image, trouble: null, current: image, likeness: { lossless: 0.98765, current: 1 } },
        { name: 'web', key: 'k', made: null, trouble: { code: 'corrupt-image', detail: HOSTILE }, current: null, likeness: { lossless: null, current: null } },
      ],
    }),
  );
  expect(document.querySelectorAll('img')).toHaveLength(2);
  for (const words of ['10x20', '0.9877', 'corrupt-image', 'there is none', 'the image is damaged']) expect(document.body.textContent).toContain(words);
});
