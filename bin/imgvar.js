#!/usr/bin/env node
import { existsSync } from 'node:fs';
import process from 'node:process';

const program = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(program)) {
  const { main } = await import(program.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write('imgvar: this checkout is not built yet; run: npm install\n');
  process.exitCode = 2;
}
