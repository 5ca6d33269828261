import { setTimeout as sleep } from 'node:timers/promises';
import { appendEras, beginsEra } from '../checkpoint/ledger.js';
import type { Lock } from '../checkpoint/lock.js';
import type { Deployed, ResourceEvent } from '../model/deployment.js';
import { missingStatements, removeEmptyBucket, writeNotFoundPage, writeNotification } from '../stack/buckets.js';
import { failuresIn, type Followed } from '../stack/follow.js';
import { parameterValue } from '../stack/parameters.js';
import { ROLES } from '../stack/places.js';
import { statementsFor } from '../stack/statements.js';
import { ending, notified, step, takeRoot, type Deploying } from './deploying.js';

/** How long an invocation of the old code may take, in seconds, where its stack does not say; the template has the same default. */
const RESIZE_SECONDS = '150';

/** What CloudFormation cannot do: write objects, and settings of buckets that are not the stack's. Again does no harm. */
export async function finish(way: Deploying, outputs: Deployed['outputs']): Promise<void> {
  const { aws, places, given, state, onEvent } = way;
  const distribution = outputs['DistributionId'] ?? null;
  if (distribution !== null) await writeNotFoundPage(aws, places.processed.bucket);
  if (!places.originals.create) {
    await writeNotification(aws, notified(way));
    step(way, 'notification-written', places.originals.bucket);
  }
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
  const { variants, writing, action, state, signal } = way;
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
    await appendEras(variants.own, writing);
    if (begins) step(way, 'eras-appended', variants.location);
    return true;
  } finally {
    if (held === null) await lock.release();
  }
}

/** What is left to be done, or to be told, when CloudFormation went back. */
export async function failed(way: Deploying, { events, state }: Followed): Promise<Deployed> {
  const { aws, action, places, variants, writing, startedAt, onEvent } = way;
  if (action === 'update') {
    if (hadNewCode(events) && (await beginsEra(variants.own, writing))) {
      const since = new Date(startedAt).toISOString();
      const message = `For a while uploads were worked on by the new code; make their variants again: imgvar reprocess --mode all --since ${since}`;
      onEvent({ type: 'warning', code: 'variants-of-a-failed-update', message });
    }
  } else {
    // Buckets outlive their stack, also one that failed; those of this one are in the way of the next try.
    for (const role of ROLES) {
      const { bucket, create } = places[role];
      if (!create || !events.some(({ resource, status }) => resource.toLowerCase() === role && status === 'DELETE_SKIPPED')) continue;
      if (await removeEmptyBucket(aws, bucket)) step(way, 'empty-bucket-removed', bucket);
      else onEvent({ type: 'warning', code: 'bucket-left', message: `The bucket "${bucket}" was made and is left; remove it before the next try: aws s3 rb s3://${bucket}` });
    }
  }
  return { ...ending(way, 'failed', state?.outputs ?? {}), failures: failuresIn(events) };
}

function hadNewCode(events: readonly ResourceEvent[]): boolean {
  return events.some(({ resource, status }) => resource === 'Resize' && status === 'UPDATE_COMPLETE');
}
