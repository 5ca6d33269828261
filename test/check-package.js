/**
 * Looks at the package as users get it: node test/check-package.js
 *
 * publint knows how Node and bundlers look for what package.json names, arethetypeswrong how TypeScript does. CommonJS is
 * left out on purpose: imgvar is ES modules alone. It wants a built checkout (npm run build).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Ends this program where the other fails. @param {string[]} args of npm */
function npm(...args) {
  const { status } = spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${status}`);
}

const folder = mkdtempSync(path.join(tmpdir(), 'imgvar-package-'));
try {
  npm('pack', '--ignore-scripts', '--silent', '--pack-destination', folder);
  const [name = ''] = readdirSync(folder);
  const tarball = path.join(folder, name);
  npm('exec', '--no', '--', 'publint', 'run', tarball, '--strict');
  npm('exec', '--no', '--', 'attw', tarball, '--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii');
} finally {
  rmSync(folder, { recursive: true });
}
