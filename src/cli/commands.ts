import type { Command } from 'commander';
import type { Output } from '../report/reporter.js';

/** Adds one command to the program. @param exit is told the exit code that the command ended with */
export type AddCommand = (program: Command, output: Output, exit: (code: number) => void) => void;

/** Each command's module, in the order of the help. */
const COMMANDS = new Map<string, () => Promise<AddCommand>>([
  ['reprocess', async () => (await import('./reprocess.js')).addReprocess],
  ['estimate', async () => (await import('./estimate.js')).addEstimate],
  ['regenerate', async () => (await import('./regenerate.js')).addRegenerate],
  ['status', async () => (await import('./status.js')).addStatus],
  ['failures', async () => (await import('./failures.js')).addFailures],
  ['verify', async () => (await import('./verify.js')).addVerify],
  ['prune', async () => (await import('./prune.js')).addPrune],
  ['report', async () => (await import('./report.js')).addReport],
  ['preview', async () => (await import('./preview.js')).addPreview],
  ['doctor', async () => (await import('./doctor.js')).addDoctor],
  ['backup', async () => (await import('./backup.js')).addBackup],
  ['restore', async () => (await import('./restore.js')).addRestore],
  ['init', async () => (await import('./init.js')).addInit],
  ['deploy', async () => (await import('./deploy.js')).addDeploy],
  ['stack', async () => (await import('./stack.js')).addStack],
  ['dev', async () => (await import('./dev.js')).addDev],
]);

/** Loads the command that was typed, and no other, as each takes its time; all of them where it is none, for the help. */
export async function commandsFor(args: readonly string[]): Promise<readonly AddCommand[]> {
  const typed = args.find((arg) => !arg.startsWith('-'));
  const only = typed === undefined ? undefined : COMMANDS.get(typed);
  return only === undefined ? Promise.all([...COMMANDS.values()].map((load) => load())) : [await only()];
}
