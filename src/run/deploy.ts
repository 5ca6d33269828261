import { beginsEra, type Writing } from '../checkpoint/ledger.js';
import type { Lock } from '../checkpoint/lock.js';
import type { Deployed } from '../model/deployment.js';
import { parseLayout } from '../model/layout.js';
import { UserError } from '../model/user-error.js';
import { codeFor, ensureArtifactsBucket, uploadCode } from '../stack/artifacts.js';
import { checkBuckets, checkNotification } from '../stack/buckets.js';
import { createChangeSet, deleteChangeSet, type ChangeSet } from '../stack/change-set.js';
import { executeChangeSet, removeStack, type Followed } from '../stack/follow.js';
import { parametersOf, parameterValue } from '../stack/parameters.js';
import { checkPlaces, refuseHidden } from '../stack/places.js';
import { actionFor, describeStack } from '../stack/stack-state.js';
import { parameterNames, templateText } from '../stack/template.js';
import { beginEras, failed, finish, removeLeft } from './deploy-end.js';
import { ending, notified, step, takeRoot, type DeployControl, type Deploying, type DeployParts } from './deploying.js';

/**
 * Brings a stack to what the config and the parameters say. The live function writes the config's specs from then on, so
 * the eras of changed specs begin when no invocation of the old code can be under way any more: until then a variant by
 * the new code counts as one of the old, and is made again; the other way round it would stay wrong.
 *
 * @returns how it ended; that CloudFormation failed is told there
 * @throws UserError before anything is changed, but for empty buckets that a failed first deployment left
 */
export async function deploy(parts: DeployParts, control: DeployControl): Promise<Deployed> {
  const { aws, stack, state, places } = parts;
  const action = actionFor(stack, state);
  const template = templateText();
  const way: Deploying = { ...parts, ...control, action, template, known: parameterNames(template), startedAt: Date.now() };
  way.onEvent({ type: 'deploy', stack, region: aws.region, account: aws.account, action: action === 'update' ? 'update' : 'create', dryRun: way.dryRun });
  const delivers = parameterValue('Delivery', way.given, state) !== 'false';
  checkPlaces(places, delivers);
  if (delivers) refuseHidden(places, headsOf(way.writing));
  if (action === 'remove-first') {
    if (way.dryRun) {
      throw new UserError('stack-broken', `The stack "${stack}" was never whole (${state?.status}); a deployment removes it first, so that a dry run cannot tell more.`);
    }
    await removeLeft(way);
  }
  await checkBuckets(aws, places, () => action === 'update');
  if (!places.originals.create) await checkNotification(aws, notified(way));
  const ended = way.dryRun ? await lookOn(way) : await withRoot(way);
  way.onEvent(ended);
  return ended;
}

function headsOf({ layout, all }: Writing): readonly string[] {
  return parseLayout(layout, all.map(({ name }) => name)).listings(all, '', '').map(({ prefix }) => prefix);
}

async function lookOn(way: Deploying): Promise<Deployed> {
  const changeSet = await propose(way);
  await withdraw(way, changeSet);
  return ending(way, 'dry-run', way.state?.outputs ?? {});
}

/** Leaves nothing of what was only proposed. */
async function withdraw({ aws, stack, state, action }: Deploying, changeSet: ChangeSet | null): Promise<void> {
  if (changeSet !== null) await deleteChangeSet(aws, stack, changeSet.id);
  // A change set of a new stack leaves an empty stack behind. One that was there before may hold the change set of somebody else.
  const isOurs = state === undefined || action === 'remove-first';
  if (isOurs && (await describeStack(aws, stack))?.status === 'REVIEW_IN_PROGRESS') await removeStack(aws, stack);
}

/** Nobody else writes variants while it is deployed, if there can be any. */
async function withRoot(way: Deploying): Promise<Deployed> {
  const { variants, writing, action, places } = way;
  const lock = action === 'update' || !places.processed.create ? await takeRoot(way) : null;
  try {
    // Before anything is changed, whether the ledger fits.
    if (lock !== null) await beginsEra(variants.own, writing);
    return await change(way, lock);
  } finally {
    await lock?.release();
  }
}

async function change(way: Deploying, lock: Lock | null): Promise<Deployed> {
  const { aws, stack, action, zip, onEvent, signal } = way;
  if (signal.aborted) return ending(way, 'cancelled', way.state?.outputs ?? {});
  if (action === 'remove-first') {
    await removeStack(aws, stack);
    step(way, 'failed-stack-removed', stack);
  }
  const code = codeFor(aws, stack, zip);
  if (await ensureArtifactsBucket(aws, code.bucket)) step(way, 'artifacts-bucket-created', code.bucket);
  step(way, (await uploadCode(aws, code, zip)) ? 'code-uploaded' : 'code-unchanged', `s3://${code.bucket}/${code.key}`);

  const changeSet = await propose(way);
  if (signal.aborted) {
    await withdraw(way, changeSet);
    return ending(way, 'cancelled', way.state?.outputs ?? {});
  }
  const followed = changeSet === null ? null : await executeChangeSet(aws, changeSet, onEvent, signal);
  const outputs = (followed ?? way).state?.outputs ?? {};
  if (followed?.interrupted === true) return ending(way, 'interrupted', outputs);
  if (followed !== null && !isDone(followed)) return failed(way, followed);

  await finish(way, outputs);
  if (!(await beginEras(way, lock))) return ending(way, 'interrupted', outputs);
  return ending(way, changeSet === null ? 'none' : action === 'update' ? 'updated' : 'created', outputs);
}

async function propose(way: Deploying): Promise<ChangeSet | null> {
  const { aws, stack, places, zip, given, state, known, template, onEvent } = way;
  const action = way.action === 'update' ? 'update' : 'create';
  const parameters = parametersOf(places, codeFor(aws, stack, zip), given, action === 'update' ? state : undefined, known);
  const changeSet = await createChangeSet(aws, stack, action, template, parameters);
  for (const told of changeSet?.changes ?? []) onEvent(told);
  return changeSet;
}

function isDone({ state }: Followed): boolean {
  return state?.status === 'CREATE_COMPLETE' || state?.status === 'UPDATE_COMPLETE';
}
