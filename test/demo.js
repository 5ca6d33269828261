/**
 * The main job on real photographs, with no cloud account: `imgvar reprocess` over test/fixtures/photos with the six
 * specs of the levels preset. Every run starts from nothing, so that there is something to see.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = ['reprocess', 'test/fixtures/photos', 'demo-variants', '--preset', 'levels'];

rmSync(`${root}/demo-variants`, { recursive: true, force: true });
console.log(`$ npx imgvar ${command.join(' ')}`);
const { status } = spawnSync(process.execPath, ['bin/imgvar.js', ...command], { cwd: root, stdio: 'inherit' });

if (status === 0) {
  console.log('\nThe variants, one folder for each spec:');
  for (const folder of readdirSync(`${root}/demo-variants`).sort()) {
    console.log(`  demo-variants/${folder}/  ${readdirSync(`${root}/demo-variants/${folder}`).join('  ')}`);
  }
  console.log('\nRun the same command again and it finds nothing to do; delete a variant and it makes that one:');
  console.log(`  npx imgvar ${command.join(' ')}`);
}
process.exitCode = status ?? 1;
