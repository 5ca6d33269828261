import { Option, type Command } from 'commander';
import type { RunEvent, Summary } from '../model/events.js';
import { UserError } from '../model/user-error.js';
import { invalidating } from '../run/invalidation.js';
import { distributionId } from './options.js';
import type { Wired } from './wire.js';

/** Whether CloudFront is to forget what is replaced. */
export interface InvalidateOptions {
  /** Default false. */
  readonly invalidate?: boolean | undefined;
  /** Default: the config's `cloudFront.distribution`. Given, it means `invalidate`. */
  readonly distribution?: string | undefined;
}

export function addInvalidateOptions(command: Command): Command {
  return command
    .option('--invalidate', 'have CloudFront forget the variants that are replaced')
    .addOption(new Option('--distribution <id>', 'the distribution to invalidate (default: the config\'s)').argParser(distributionId));
}

interface Running extends InvalidateOptions {
  readonly profile?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** @param run is given who to tell of what happens @throws UserError */
export async function withInvalidation(options: Running, parts: Wired, run: (onEvent: (event: RunEvent) => void) => Promise<Summary>): Promise<Summary> {
  const { onEvent = () => undefined, profile = null, dryRun = false } = options;
  if (options.invalidate !== true && options.distribution === undefined) return run(onEvent);
  const { layout, specs, delivery } = parts;
  const id = options.distribution ?? delivery.distribution;
  if (id === undefined) {
    throw new UserError('distribution-unnamed', 'Which CloudFront distribution delivers the variants? Name it with --distribution, or as cloudFront.distribution in the config.');
  }
  // Loaded only here, as the SDK takes its time.
  const { distribution } = await import('../stack/invalidate.js');
  return invalidating({ distribution: distribution(id, profile), base: delivery.base, layout, specs, dryRun, onEvent }, run);
}
