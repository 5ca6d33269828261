/**
 * Makes a checkout ready to run: installs what package-lock.json names if that has not been done, and builds. So each
 * of `npm run demo` and `npm test` is enough by itself on a fresh clone.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {string} file relative to the checkout; 0 when it does not exist */
function modified(file) {
  return statSync(`${root}/${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Of all files below a folder, and what else decides on the build. @param {string} folder */
function newest(folder) {
  const files = readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`);
  return Math.max(...[...files, 'package.json', 'tsconfig.json'].map(modified));
}

/** @param {string[]} args */
function npm(...args) {
  const { status } = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

const installed = modified('node_modules/.package-lock.json');
// `npm ci` builds as well, by the script `prepare`.
if (installed < modified('package-lock.json')) npm('ci', '--no-audit', '--no-fund', '--silent');
else if (modified('dist/index.js') <= newest('src')) npm('run', '--silent', 'build');
