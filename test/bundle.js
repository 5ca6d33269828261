/**
 * Makes the zip of the Lambda functions: node test/bundle.js [arm64|x64|host] [FILE]
 *
 * arm64 (default) and x64 are Lambda's own, with sharp from the registry, in the lockfile's version and checked by its
 * hashes. `host` is for tests on this machine, with the sharp that is installed here. FILE: bundle/lambda-ARCH.zip.
 * It wants a built checkout (npm run build).
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { zipOf } from '../dist/lambda/zip.js';

/** Bytes of a zip that can be uploaded to a function directly. Source: AWS Lambda Developer Guide, "Lambda quotas". */
const LARGEST = 50 * 1024 * 1024;

const root = fileURLToPath(new URL('..', import.meta.url));
const { version, license } = readJson('package.json');
const lock = readJson('package-lock.json');

/** @param {string} file relative to the checkout */
function readJson(file) {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
}

const [target = 'arm64', file = path.join(root, `bundle/lambda-${target}.zip`)] = process.argv.slice(2);
if (!['arm64', 'x64', 'host'].includes(target)) {
  console.error(`bundle: "${target}" is none of arm64, x64, host`);
  process.exit(2);
}
const zip = zipOf({ ...(await handlers()), ...sharpFor(target), ...about() });
if (zip.length > LARGEST) throw new Error(`${zip.length} bytes are more than Lambda takes`);
mkdirSync(path.dirname(file), { recursive: true });
writeFileSync(file, zip);
console.log(`${path.relative(process.cwd(), file)}: ${(zip.length / 1e6).toFixed(2)} MB`);

/** The two handlers, and what they share, each one file; sharp alone stays outside, as it is native. */
async function handlers() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['dist/lambda/resize.js', 'dist/lambda/backup.js'],
    outdir: 'zip',
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['sharp'],
    chunkNames: '[name]-[hash]',
    // What is CommonJS in it still asks for Node's own modules in its own way.
    banner: { js: "import{createRequire as imgvarRequire}from'node:module';const require=imgvarRequire(import.meta.url);" },
  });
  return Object.fromEntries(outputFiles.map(({ path: name, contents }) => [path.basename(name), contents]));
}

/** @param {string} target @returns {Record<string, Uint8Array>} sharp and what it needs, below node_modules/ */
function sharpFor(target) {
  const packages = closureOf('sharp');
  if (target === 'host') return filesOfPackages(root, packages);
  const folder = mkdtempSync(path.join(tmpdir(), 'imgvar-bundle-'));
  try {
    const dependencies = { sharp: lock.packages['node_modules/sharp'].version };
    const about = { name: 'imgvar-lambda', version, dependencies };
    const locked = Object.fromEntries(packages.map((name) => [`node_modules/${name}`, lock.packages[`node_modules/${name}`]]));
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(about));
    writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ ...about, lockfileVersion: 3, packages: { '': about, ...locked } }));
    const platform = ['--os=linux', `--cpu=${target}`, '--libc=glibc'];
    const args = ['ci', ...platform, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--silent'];
    const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
    if (status !== 0) throw new Error(`npm could not install sharp for linux-${target}`);
    return filesOfPackages(folder, packages);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} name @param {Set<string>} found @returns {string[]} a package and all that it may need */
function closureOf(name, found = new Set()) {
  const locked = lock.packages[`node_modules/${name}`];
  if (locked === undefined || found.has(name)) return [...found];
  found.add(name);
  for (const needed of Object.keys({ ...locked.dependencies, ...locked.optionalDependencies })) closureOf(needed, found);
  return [...found];
}

/** @param {string} folder @param {readonly string[]} packages */
function filesOfPackages(folder, packages) {
  /** @type {Record<string, Uint8Array>} */
  const files = {};
  for (const name of packages) {
    const home = path.join(folder, 'node_modules', name);
    if (!existsSync(home)) continue;
    for (const entry of readdirSync(home, { recursive: true, withFileTypes: true })) {
      const source = path.join(entry.parentPath, entry.name);
      const inside = path.relative(folder, source).replaceAll('\\', '/');
      if (entry.isFile() && runs(inside)) files[inside] = readFileSync(source);
    }
  }
  return files;
}

/** What is there for people who build or write code, and never runs. Licences stay. @param {string} file */
function runs(file) {
  return !/\.(md|d\.[cm]?ts|map|h|cc|gyp|gypi|tsbuildinfo)$|\/(src|install|include)\/|\/versions\.json$/.test(file) || /\/LICEN[CS]E/i.test(file);
}

/** Of what imgvar the functions are made. */
function about() {
  const text = JSON.stringify({ name: 'imgvar-lambda', version, license, private: true, type: 'module' }, undefined, 2);
  return { 'package.json': Buffer.from(`${text}\n`), LICENSE: readFileSync(path.join(root, 'LICENSE')) };
}
