import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { deploymentPackage } from '../../src/lambda/deployment-package.js';
import { filesOf, zipOf } from '../../src/lambda/zip.js';
import { workspace } from '../cli/imgvar.js';

const WRITTEN = {
  originals: './originals',
  variants: 's3://variants/',
  layout: '{dir}/{name}-{variant}.{ext}',
  specs: {
    small: { width: 8, height: 8 },
    web: { width: 4, height: 4, fit: 'contain', position: 'top', background: '#abc', format: 'webp', quality: 70, effort: 6, keep: ['icc'] },
    exact: { format: 'avif', lossless: true, cacheControl: 'max-age=60', animated: false },
    print: { width: 99, format: 'png', progressive: true, enlarge: true },
  },
  limits: { pixels: 10_000, allow: ['svg'] },
  s3: { requesterPays: true },
};

const BUNDLE = zipOf({ 'resize.mjs': Buffer.from('export {}'), 'node_modules/a/b.js': Buffer.from('b') });

async function configOf(written: unknown) {
  const cwd = await workspace({ 'config.json': JSON.stringify(written) });
  return { cwd, config: await loadConfig({ file: 'config.json', cwd }) };
}

test('the same bundle and config give the same bytes, others give others', async () => {
  const { config } = await configOf(WRITTEN);
  const bytes = Buffer.from(deploymentPackage(BUNDLE, config));
  expect(bytes.equals(Buffer.from(deploymentPackage(BUNDLE, (await configOf(WRITTEN)).config)))).toBe(true);
  expect(bytes.equals(Buffer.from(deploymentPackage(BUNDLE, { ...config, layout: '{variant}/{path}' })))).toBe(false);
  const names = Object.keys(filesOf(bytes));
  expect(names).toEqual(['imgvar.config.json', 'node_modules/a/b.js', 'resize.mjs']);
});

test('a package is replaced, not grown, when the config changes', async () => {
  const { config } = await configOf(WRITTEN);
  const other = { ...config, layout: '{variant}/{path}' };
  expect(deploymentPackage(deploymentPackage(BUNDLE, other), config)).toEqual(deploymentPackage(BUNDLE, config));
});

test('the config in it says what was given, with defaults written out and without locations', async () => {
  const { cwd, config } = await configOf(WRITTEN);
  const text = Buffer.from(filesOf(deploymentPackage(BUNDLE, config))['imgvar.config.json'] ?? []).toString();
  await writeFile(path.join(cwd, 'deployed.json'), text);
  const deployed = await loadConfig({ file: 'deployed.json', cwd });
  for (const part of ['specs', 'layout', 'limits', 's3'] as const) expect(deployed[part]).toEqual(config[part]);
  expect(JSON.parse(text)).toMatchObject({ specs: { small: { fit: 'inside', animated: true } } });
  for (const place of ['originals', 'variants', 'backup']) expect(JSON.parse(text)).not.toHaveProperty(place);
});
