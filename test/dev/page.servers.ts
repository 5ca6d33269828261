import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { photos, root } from '../cli/imgvar.js';
import { installed } from '../servers/running.js';
import { photo } from '../corpus/pictures.js';
import { SPECS, startSystem, type System } from './system.js';

/** Where pictures of the page are left, to be looked at. */
const SHOTS = path.join(root, 'node_modules/.cache/imgvar-screenshots');

describe.skipIf(!installed('chromium'))('the page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    // As root, as in containers, Chromium has no sandbox.
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', chromiumSandbox: process.geteuid?.() !== 0 });
  });
  afterAll(() => browser.close());

  async function open(system: System, { width = 1280, colorScheme = 'light' as 'light' | 'dark' } = {}): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    onTestFinished(() => page.close());
    const troubles: string[] = [];
    // A font or an icon that is refused, a script that fails: all of it is heard here.
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    onTestFinished(() => expect(troubles).toEqual([]));
    await page.goto(system.url);
    return page;
  }

  /** As a person does it who has a photograph on the desktop. */
  async function drop(page: Page, name: Parameters<typeof photo>[0]): Promise<void> {
    const bytes = (await photo(name)).toString('base64');
    const transfer = await page.evaluateHandle(
      ([name, bytes]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0))], name));
        return transfer;
      },
      [name, bytes] as const,
    );
    for (const type of ['dragover', 'drop']) await page.dispatchEvent('body', type, { dataTransfer: transfer });
  }

  /** The variants of an original that are shown, each an image with pixels. */
  async function shownVariants(page: Page, key: string): Promise<string[]> {
    const article = page.locator(`article[data-key="${key}"]`);
    const made = article.locator('figure:not(.waiting):not(.failed):has(img)');
    await expect.poll(() => made.count()).toBe(1 + SPECS.length);
    // Images that are not on the screen are not loaded yet.
    for (const image of await article.locator('img').all()) {
      await image.scrollIntoViewIfNeeded();
      await expect.poll(() => image.evaluate((each) => (each as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
    }
    return made.locator('strong').allTextContents();
  }

  test('a photograph that is dropped onto it gets its six variants', async () => {
    const page = await open(await startSystem());
    await expect.poll(() => page.locator('#empty').isVisible()).toBe(true);
    await drop(page, 'rocket.jpg');
    expect(await shownVariants(page, 'rocket.jpg')).toEqual(['original', ...SPECS]);
    await expect.poll(() => page.locator('article .done').textContent()).toContain('backed up');
    expect(await page.locator('figcaption', { hasText: 'square-small' }).textContent()).toContain('150 × 150 px');
    expect(await page.locator('#empty').isVisible()).toBe(false);
    expect(await page.locator('#uploads li').count()).toBe(0);
  });

  test('by the keyboard: a photograph is chosen, and its variants are reached', async () => {
    const page = await open(await startSystem());
    // Asked for early, as the browser needs a moment until it hands the choice over.
    const choosing = page.waitForEvent('filechooser');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('files');
    await page.keyboard.press('Enter');
    await (await choosing).setFiles(path.join(photos, 'rocket.jpg'));
    await shownVariants(page, 'rocket.jpg');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('/uploads/images/original/rocket.jpg');
  });

  test('names are shown as they are and run as nothing; failures are told; what is removed goes', async () => {
    const system = await startSystem();
    const page = await open(system);
    const hostile = '<img src=x onerror=document.title=1>.jpg';
    await system.put(hostile, await photo('rocket.jpg'));
    await system.put('bad.jpg', 'no picture');
    await shownVariants(page, hostile);
    expect(await page.title()).toBe('imgvar dev');
    await expect.poll(() => page.locator('.troubles').textContent()).toContain('unsupported-format');
    await rm(path.join(system.folder, 'originals/bad.jpg'));
    await expect.poll(() => page.locator('article').count()).toBe(1);
  });

  test.each([
    [1280, 'light'],
    [1280, 'dark'],
    [400, 'light'],
    [400, 'dark'],
  ] as const)('at %i pixels, %s, nothing is cut off', async (width, colorScheme) => {
    const system = await startSystem();
    const page = await open(system, { width, colorScheme });
    await page.screenshot({ path: path.join(SHOTS, `empty-${width}-${colorScheme}.png`) });
    for (const name of ['rocket.jpg', 'coffee.png', 'astronaut.png'] as const) await system.put(`2026/${name}`, await photo(name));
    await system.put('damaged-and-with-a-very-long-name-as-cameras-and-people-give-them.jpg', (await photo('rocket.jpg')).subarray(0, 50_000));
    for (const name of ['rocket.jpg', 'coffee.png']) await shownVariants(page, `2026/${name}`);
    await expect.poll(() => page.locator('.troubles').textContent()).toContain('corrupt-image');
    await expect.poll(() => page.locator('article[aria-busy=true]').count()).toBe(0);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: path.join(SHOTS, `full-${width}-${colorScheme}.png`), fullPage: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});
