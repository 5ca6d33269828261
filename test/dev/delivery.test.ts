import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { photo } from '../corpus/pictures.js';
import { raw } from './raw.js';
import { done, startSystem, type System } from './system.js';

const CONFIG = JSON.stringify({
  specs: {
    small: { width: 100, cacheControl: 'public, max-age=60' },
    card: { width: 80, format: 'webp' },
  },
  limits: { bytes: 1_000_000 },
});

let system: System;
let original: Buffer;
beforeAll(async () => {
  const cleanUps: (() => Promise<void>)[] = [];
  original = await photo('rocket.jpg');
  system = await startSystem({ 'imgvar.config.json': CONFIG, 'secret.jpg': original }, (clean) => cleanUps.unshift(clean));
  await system.put('a/b c+ü.jpg', original);
  await done(system, 'a/b c+ü.jpg');
  return async () => {
    for (const clean of cleanUps) await clean();
  };
});

describe('a path leads', () => {
  const key = 'a/b%20c%2B%C3%BC.jpg';

  test.each([
    [`/uploads/images/original/${key}`, 'image/jpeg', 'no-cache'],
    [`/uploads/images/small/${key}`, 'image/jpeg', 'public, max-age=60'],
    [`/uploads/images/card/${key}.webp`, 'image/webp', 'no-cache'],
    [`/uploads/images/small/${key}?a=query`, 'image/jpeg', 'public, max-age=60'],
  ])('%s', async (target, type, cacheControl) => {
    const answer = await system.get(target);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': type,
      'cache-control': cacheControl,
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox') as string,
      etag: expect.stringMatching(/^".+"$/) as string,
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.equals(original)).toBe(target.includes('/original/'));
    const head = await system.get(target, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), (await head.arrayBuffer()).byteLength]).toEqual([200, String(bytes.length), 0]);
    const again = await system.get(target, { headers: { 'if-none-match': String(answer.headers.get('etag')) } });
    expect(again.status).toBe(304);
    expect((await system.get(target, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test('to 404 where there is nothing, and that is not kept', async () => {
    const targets = ['/uploads/images/original/none.jpg', '/uploads/images/small/none.jpg', '/uploads/images/none', '/none', '/favicon.ico', '/uploads', '//', '/eventsource'];
    for (const target of targets) {
      const answer = await system.get(target);
      expect([target, answer.status, answer.headers.get('cache-control')]).toEqual([target, 404, 'no-store']);
    }
  });

  test('to no listing, of no folder', async () => {
    for (const target of ['/uploads/', '/uploads/images', '/uploads/images/', '/uploads/images/original/', '/uploads/images/original/a', '/uploads/images/original/a/', '/uploads/images/small/']) {
      expect([target, (await system.get(target)).status]).toEqual([target, 404]);
    }
  });

  test("to nothing of imgvar's own, nor to unfinished files", async () => {
    for (const part of ['originals', 'variants']) {
      await mkdir(path.join(system.folder, part, 'a/.imgvar'), { recursive: true });
      await mkdir(path.join(system.folder, part, '.imgvar'), { recursive: true });
      for (const name of ['.imgvar/specs.json', 'a/.imgvar/x', '.imgvar-tmp-00000000-1-00']) await writeFile(path.join(system.folder, part, name), 'own');
    }
    for (const front of ['/uploads/images/', '/uploads/images/original/']) {
      for (const key of ['.imgvar/specs.json', '%2eimgvar/specs.json', '.imgvar%2fspecs.json', '.IMGVAR/specs.json', 'a/.imgvar/x', '.imgvar', '.imgvar-tmp-00000000-1-00']) {
        expect([front + key, (await raw(system.port, front + key)).status]).toEqual([front + key, 404]);
      }
    }
  });

  test('nowhere else, however it is written', async () => {
    await symlink(path.join(system.folder, '../secret.jpg'), path.join(system.folder, 'originals/link.jpg'));
    await symlink(path.join(system.folder, '..'), path.join(system.folder, 'originals/linked'));
    const backup = 'backup/a/b%20c%2B%C3%BC.jpg';
    const up = ['..', '%2e%2e', '%2E%2E', '.%2e', '..%2f..', '..%5c..', '%252e%252e', '..%00', '....//'];
    const targets = [
      ...up.flatMap((each) => [`/uploads/images/original/${each}/${backup}`, `/uploads/images/small/${each}/${each}/${backup}`, `/uploads/images/original/a/${each}/${each}/${each}/secret.jpg`]),
      `/uploads/images/../../${backup}`, '/../../../../etc/passwd', '//etc/passwd', '/uploads/images/original//etc/passwd', '/uploads/images/original/%2fetc%2fpasswd',
      '/uploads/images/original/./a/b', '/uploads/images/original/%00', '/uploads/images/original/%ff', '/uploads/images/original/%', '/uploads/images/original/%ed%a0%80',
      '/uploads/images/original/link.jpg', '/uploads/images/original/linked/secret.jpg', `/uploads/images/original/${'a'.repeat(300)}`, `/uploads/images/original/${'a/'.repeat(3000)}b`,
      'http://127.0.0.1/uploads/images/original/a/b%20c%2B%C3%BC.jpg', '*', 'uploads/images/original/a',
    ];
    for (const target of targets) {
      const { status } = await raw(system.port, target);
      expect([target, status === 404 || status === 400]).toEqual([target, true]);
    }
  });
});

describe('nobody from elsewhere', () => {
  test('reads, under a name of their own', async () => {
    for (const host of ['evil.example', 'evil.example:80', 'localhost.evil.example', '127.0.0.1.evil.example', '127.0.0.1@evil.example', '[::1]', 'localhost:80:80', '']) {
      for (const target of ['/', '/events', '/uploads/images/original/a/b%20c%2B%C3%BC.jpg']) {
        expect([host, (await raw(system.port, target, { headers: [`Host: ${host}`] })).status]).toEqual([host, 403]);
      }
    }
    expect((await raw(system.port, '/', { headers: [] })).status).toBe(400);
    for (const host of ['localhost', `localhost:${system.port}`, '127.0.0.1:1', 'LOCALHOST']) {
      expect([host, (await raw(system.port, '/', { headers: [`Host: ${host}`] })).status]).toEqual([host, 200]);
    }
  });

  test.each([
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://localhost:1' },
    { Origin: 'https://127.0.0.1' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Host: 'evil.example', Origin: 'http://evil.example' },
  ])('uploads, with %o', async (headers) => {
    const all = { Host: `localhost:${system.port}`, 'Content-Length': '0', ...headers };
    const sent = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    expect((await raw(system.port, '/uploads/images/original/evil.jpg', { method: 'PUT', headers: sent })).status).toBe(403);
    expect(await system.file('originals/evil.jpg')).toBeUndefined();
  });

  test('is told by the browser that they may', async () => {
    const headers = [`Host: 127.0.0.1:${system.port}`, 'Origin: http://evil.example', 'Access-Control-Request-Method: PUT'];
    const { status, text } = await raw(system.port, '/uploads/images/original/evil.jpg', { method: 'OPTIONS', headers });
    expect(status).toBe(405);
    expect(text.toLowerCase()).not.toContain('access-control-allow');
  });
});

describe('an upload is refused', () => {
  test('anywhere but among the originals', async () => {
    for (const target of ['/', '/a.jpg', '/uploads/images/small/a.jpg', '/uploads/images/originala.jpg', '/uploads/images/original', '/events', '/uploads/images/%ff']) {
      expect([target, (await system.get(target, { method: 'PUT', body: 'x' })).status]).toEqual([target, 403]);
    }
    for (const method of ['POST', 'DELETE', 'PATCH']) expect((await system.get('/uploads/images/original/a.jpg', { method })).status).toBe(405);
  });

  test('under a key that leads elsewhere', async () => {
    for (const key of ['..%2f..%2fa.jpg', '%2e%2e/a.jpg', '', 'a/', '/a.jpg', '.imgvar/lock', 'a%00.jpg', 'n'.repeat(256), 'linked/a.jpg']) {
      const { status } = await raw(system.port, `/uploads/images/original/${key}`, { method: 'PUT', headers: ['Host: localhost', 'Content-Length: 0'] });
      expect([key, status]).toEqual([key, 400]);
    }
    expect(await system.file('../a.jpg')).toBeUndefined();
  });

  test('where it is larger than limits.bytes, and leaves what was there', async () => {
    expect((await system.put('large.jpg', Buffer.alloc(1_000_001))).status).toBe(413);
    const chunked = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < 11; i++) controller.enqueue(Buffer.alloc(100_000));
        controller.close();
      },
    });
    const answer = await system.get('/uploads/images/original/a%2Fb%20c%2B%C3%BC.jpg', { method: 'PUT', body: chunked, duplex: 'half' } as RequestInit);
    expect(answer.status).toBe(413);
    expect(await system.file('originals/large.jpg')).toBeUndefined();
    expect(await system.file('originals/a/b c+ü.jpg')).toEqual(original);
  });
});

test('what is no picture is delivered as one that nobody runs', async () => {
  await system.put('page.jpg', '<!doctype html><script>alert(1)</script>');
  await system.put('page.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  for (const [name, type] of [['page.jpg', 'application/octet-stream'], ['page.svg', 'image/svg+xml']]) {
    const { headers } = await system.get(`/uploads/images/original/${name}`);
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
  }
});
