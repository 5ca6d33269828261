import { INVALIDATION_PATH_USD } from '../cost/invalidation.js';
import type { Invalidated, RunEvent, Summary } from '../model/events.js';
import type { Layout } from '../model/layout.js';
import type { Spec } from '../model/spec.js';
import { UserError } from '../model/user-error.js';
import type { Distribution } from '../stack/invalidate.js';
import { ReplacedPaths } from '../stack/paths.js';

export interface InvalidationParts {
  readonly distribution: Distribution;
  /** The URL path under which the variants' root is delivered, with slashes around. */
  readonly base: string;
  readonly layout: Layout;
  readonly specs: readonly Spec[];
  readonly dryRun: boolean;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Has CloudFront forget the variants that a run replaces; those that are new it has never seen.
 *
 * @param run is given who to tell of what happens
 * @returns what the run does, once the invalidation is on its way
 * @throws UserError before the run, where the distribution cannot be used so; or after it, when what was made is told
 */
export async function invalidating(parts: InvalidationParts, run: (onEvent: (event: RunEvent) => void) => Promise<Summary>): Promise<Summary> {
  const { distribution, base, dryRun, onEvent } = parts;
  await distribution.check();
  const replaced = new ReplacedPaths();
  let id = '';
  let last: Summary | undefined;
  const summary = await run((event) => {
    if (event.type === 'run') {
      id = event.id;
      // What earlier sessions of the run have replaced is not remembered.
      if (event.resumed) for (const { prefix } of parts.layout.listings(parts.specs, '', '')) replaced.addFolder(prefix);
    }
    if (event.type === 'due' && event.reason !== 'missing') replaced.add(event.key);
    if (event.type === 'outcome' && event.result === 'made' && event.reason !== 'missing') replaced.add(event.key);
    // The summary stays the last that is told.
    if (event.type === 'summary') last = event;
    else onEvent(event);
  });
  const { paths, wildcards } = replaced.fold(base);
  const told: Invalidated = { type: 'invalidation', distribution: distribution.id, state: 'planned', paths, wildcards, usd: paths.length * INVALIDATION_PATH_USD };
  try {
    if (paths.length > 0) {
      onEvent(told);
      if (!dryRun) {
        await sent(distribution, paths, `${id}-${Date.now()}`, base);
        onEvent({ ...told, state: 'created' });
      }
    }
  } finally {
    if (last !== undefined) onEvent(last);
  }
  return summary;
}

async function sent(distribution: Distribution, paths: readonly string[], reference: string, base: string): Promise<void> {
  try {
    await distribution.invalidate(paths, reference);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const command = `aws cloudfront create-invalidation --distribution-id ${distribution.id} --paths '${base}*'`;
    throw new UserError(error.code, `The variants are made, but what CloudFront has of them is still the old: ${error.message} Then: ${command}`);
  }
}
