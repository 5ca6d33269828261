import type { Command } from 'commander';
import type { Output } from '../report/reporter.js';
import type { DeploySettings } from './deploy-wire.js';
import { collect } from './options.js';

/** As commander gives them. */
export interface DeployFlags extends DeploySettings {
  readonly config?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly yes?: boolean;
}

const EXAMPLES = `
Examples:
  imgvar deploy --dry-run                        what would change
  imgvar deploy                                  do it; also after a changed spec
  imgvar deploy --existing-originals my-uploads  with a bucket that you have
  imgvar deploy --parameter LogRetentionDays=90  with another parameter

docs/aws.md has all parameters, what the system costs, and how to remove it.`;

export function addDeploy(program: Command, output: Output, exit: (code: number) => void): void {
  program
    .command('deploy')
    .summary('deploy the system to AWS')
    .description('Makes or updates the stack that makes, backs up and delivers the variants of uploads, by the config\'s specs.')
    .option('-c, --config <file>', 'config file (default: imgvar.config.json, found upwards from here)')
    .option('--stack-name <name>', 'of the CloudFormation stack (default: the config\'s, or imgvar)')
    .option('--existing-originals <bucket>', 'a bucket of yours that uploads go to (or s3://bucket/prefix/)')
    .option('--existing-processed <bucket>', 'a bucket of yours for the variants')
    .option('--existing-backup <bucket>', 'a bucket of yours for the backups')
    .option('--parameter <name=value>', 'of the template (repeatable); imgvar stack has them all', collect)
    .option('--code <file>', 'the zip of the functions (default: the package\'s own)')
    .option('--adopt', 'take the variants that exist as made by the present specs')
    .option('--dry-run', 'tell what would change; keep nothing')
    .option('--endpoint-url <url>', 'S3 of another provider than AWS')
    .option('--region <name>', 'AWS region (default: the config\'s, AWS_REGION, the profile\'s)')
    .option('--profile <name>', 'named profile of ~/.aws')
    .option('--json', 'JSON lines on stdout')
    .option('-q, --quiet', 'no progress')
    .option('-y, --yes', 'no question before the config is written')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: DeployFlags) => {
      // Loaded only here, as the SDK takes its time.
      const { runDeploy } = await import('./run-deploy.js');
      exit(await runDeploy(flags, output));
    });
}
