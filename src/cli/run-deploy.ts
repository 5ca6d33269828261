import process from 'node:process';
import { loadConfig } from '../config/load.js';
import type { Deployed } from '../model/deployment.js';
import { UserError } from '../model/user-error.js';
import { jsonDeployReporter, textDeployReporter } from '../report/deploy.js';
import type { Output } from '../report/reporter.js';
import { deploy } from '../run/deploy.js';
import type { DeployFlags } from './deploy.js';
import { writeOutputs } from './deploy-config.js';
import { wireDeploy } from './deploy-wire.js';
import { ExitCode } from './exit-code.js';
import { onInterrupt } from './interrupt.js';

/** Deploys, and then writes where everything is into the config. @throws UserError */
export async function runDeploy(flags: DeployFlags, output: Output): Promise<ExitCode> {
  const { json = false, quiet = false, dryRun = false, yes = false } = flags;
  const config = await loadConfig({ file: flags.config, cwd: process.cwd() });
  if (config.source === 'defaults') throw new UserError('usage', 'Deploy what? Write a config first, with the specs that uploads are to have: imgvar init');
  const parts = await wireDeploy(flags, config);
  const onEvent = json ? jsonDeployReporter(output) : textDeployReporter(output, quiet);
  const interrupt = onInterrupt(
    () => void output.stderr.write('Stopping; what CloudFormation has begun goes on. Again to end at once.\n'),
    () => undefined,
  );
  let ended: Deployed;
  try {
    ended = await deploy(parts, { dryRun, onEvent, signal: interrupt.signal });
  } finally {
    interrupt.release();
  }
  if (ended.outcome === 'interrupted' || ended.outcome === 'cancelled') return interrupt.exitCode ?? ExitCode.stopped;
  if (ended.outcome === 'failed') return ExitCode.failures;
  if (!dryRun) await writeOutputs(config.source, parts, ended, { yes, json, typed: flags }, output);
  return ExitCode.done;
}
