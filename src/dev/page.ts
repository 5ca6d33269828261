import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';

/** One HTML document, with its style and its script in it. */
export interface Page {
  show(response: ServerResponse): void;
}

export async function loadPage(): Promise<Page> {
  const [html, style, script] = await Promise.all([read('index.html'), read('page.css'), read('page.js')]);
  const text = html.replace('/* page.css */', () => style).replace('/* page.js */', () => script);
  const policy = [
    "default-src 'none'",
    "img-src 'self' data:",
    "connect-src 'self'",
    `style-src ${hashOf(/<style>([^]*?)<\/style>/, text)}`,
    `script-src ${hashOf(/<script type="module">([^]*?)<\/script>/, text)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  return { show: (response) => void response.writeHead(200, headers).end(text) };
}

/** Nothing but just this text is run: whatever a stranger's file is named. */
function hashOf(element: RegExp, html: string): string {
  const [, content = ''] = element.exec(html) ?? [];
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}

function read(name: string): Promise<string> {
  return readFile(new URL(`./page/${name}`, import.meta.url), 'utf8');
}
