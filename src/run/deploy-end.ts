import { setTimeout as sleep } from 'node:timers/promises';
import { appendEras, beginsEra } from '../checkpoint/ledger.js';
import type { Lock } from '../checkpoint/lock.js';
import type { Deployed, ResourceEvent } from '../model/deployment.js';
import { missingStatements, removeEmptyBucket, writeNotFoundPage, writeNotification } from '../stack/buckets.js';
import { bucketsLeft, failuresIn, type Followed } from '../stack/follow.js';
import { parameterValue } from '../stack/parameters.js';
import { ROLES, type Role } from '../stack/places.js';
import { statementsFor } from '../stack/statements.js';
import { adoptedMessage } from './adopted.js';
import { ending, notified, step, takeRoot, type Deploying } from './deploying.js';

/** How long an invocation of the old code may take, in seconds, where its stack does not say; the template has the same default. */
const RESIZE_SECONDS = '150';

/** What CloudFormation cannot do: write objects, and settings of buckets that are not the stack's. Again does no harm. */
export async function finish(way: Deploying, outputs: Deployed['outputs']): Promise<void> {
  const { aws, places, given, state, onEvent } = way;
  const distribution = outputs['DistributionId'] ?? null;
  if (distribution !== null) await writeNotFoundPage(aws, places.processed.bucket);
  if (!places.originals.create && (await writeNotification(aws, notified(way)))) step(way, 'notification-written', places.originals.bucket);
  const backupAdministrator = parameterValue('BackupAdministratorArn', given, state) || null;
  const named = { partition: aws.partition, account: aws.account, distribution, backupRole: outputs['BackupRoleArn'] ?? '', backupAdministrator };
  for (const role of ROLES) {
    const { bucket, create } = places[role];
    const statements = create ? [] : await missingStatements(aws, bucket, statementsFor(role, places, named));
    if (statements.length > 0) onEvent({ type: 'statements', bucket, statements });
  }
}

/** @returns whether it came to that, rather than being interrupted before */
export async function beginEras(way: Deploying, held: Lock | null): Promise<boolean> {
  const { variants, writing, action, state, signal, onEvent } = way;
  const lock = held ?? (await takeRoot(way));
  try {
    const begins = await beginsEra(variants.own, writing);
    if (begins && action === 'update') {
      const seconds = Number(state?.parameters.get('ResizeTimeoutSeconds') ?? RESIZE_SECONDS);
      step(way, 'waiting-for-old-code', String(seconds));
      await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return false;
    }
    await lock.check();
    const adopted = await adoptedMessage(await appendEras(variants.own, writing), way);
    if (adopted !== null) onEvent({ type: 'warning', code: 'adopted', message: adopted });
    if (begins) step(way, 'eras-appended', variants.location);
    return true;
  } finally {
    if (held === null) await lock.release();
  }
}

/** What is left to be done, or to be told, when CloudFormation went back. */
export async function failed(way: Deploying, { events, state }: Followed): Promise<Deployed> {
  const { action, variants, writing, startedAt, onEvent } = way;
  if (action === 'update') {
    if (hadNewCode(events) && (await beginsEra(variants.own, writing))) {
      const since = new Date(startedAt).toISOString();
      const message = `For a while uploads were worked on by the new code; with the config as it was before, make their variants again: imgvar reprocess --mode all --since ${since}`;
      onEvent({ type: 'warning', code: 'variants-of-a-failed-update', message });
    }
  } else {
    const wasMade = (role: Role): boolean => events.some(({ resource, status }) => resource.toLowerCase() === role && status === 'DELETE_SKIPPED');
    for (const bucket of await removeMade(way, wasMade)) {
      onEvent({ type: 'warning', code: 'bucket-left', message: `The bucket "${bucket}" was made and is left; remove it before the next try: aws s3 rb s3://${bucket}` });
    }
  }
  return { ...ending(way, 'failed', state?.outputs ?? {}), status: state?.status ?? null, failures: failuresIn(events) };
}

/** The same for a first deployment that went back when nobody looked any more: what it left is only in CloudFormation's events. */
export async function removeLeft(way: Deploying): Promise<void> {
  const left = await bucketsLeft(way.aws, way.stack);
  await removeMade(way, (role) => left.has(way.places[role].bucket));
}

/**
 * Buckets outlive their stack, also one that failed, and are in the way of the next try.
 *
 * @param wasMade whether the stack that failed made it
 * @returns those that could not be removed, as they hold something
 */
async function removeMade(way: Deploying, wasMade: (role: Role) => boolean): Promise<readonly string[]> {
  const left: string[] = [];
  for (const role of ROLES) {
    const { bucket, create } = way.places[role];
    if (!create || !wasMade(role)) continue;
    if (await removeEmptyBucket(way.aws, bucket)) step(way, 'empty-bucket-removed', bucket);
    else left.push(bucket);
  }
  return left;
}

function hadNewCode(events: readonly ResourceEvent[]): boolean {
  return events.some(({ resource, status }) => resource === 'Resize' && status === 'UPDATE_COMPLETE');
}
