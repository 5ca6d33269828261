/** The backup function: copies what was uploaded to the backup location, between buckets on S3's side, when S3 tells of it. */
import type { InvocationAnswer } from '../model/invocation.js';
import type { Copier } from '../store/copier.js';
import { openCopier } from '../store/open-copier.js';
import { backUp } from '../work/back-up.js';
import { answerBackup } from './backup-jobs.js';
import { secondsLeft, type LambdaContext } from './context.js';
import { log } from './log.js';
import { noticesOf } from './notice.js';
import { forEachUpload, type Uploaded } from './notifications.js';
import { isRequest } from './request.js';
import { notSet, settingsOf, type Settings } from './settings.js';
import { tellSums } from './sums.js';
import { troubleOf } from './trouble.js';

const starting = settingsOf().then(async (settings) => ({ settings, copier: await copierFor(settings) }));
// As for resize: loaded while the environment starts, and met by the first invocation if it is wrong.
await starting.catch(() => undefined);

/** @returns an answer to a direct call; nothing to a notification */
export async function handler(event: unknown, context: LambdaContext): Promise<InvocationAnswer | undefined> {
  const { functionName } = context;
  const { settings, copier } = await starting;
  const notices = noticesOf(event);
  if (notices === undefined && isRequest(event)) {
    const answer = await answerBackup(event, settings, () => secondsLeft(context));
    if (answer.imgvar === 'results') tellSums(functionName, answer);
    if (answer.imgvar === 'refusal') log(functionName, { level: 'error', code: answer.code, detail: answer.message });
    return answer;
  }
  if (notices === undefined) {
    log(functionName, { level: 'error', code: 'invalid-event', detail: 'no notification of S3' }, { Failed: 1 });
    return undefined;
  }
  await forEachUpload(notices, settings.originals, functionName, (uploaded) => backUpLive(uploaded, copier, functionName));
  return undefined;
}

async function copierFor({ originals, backup, s3 }: Settings): Promise<Copier> {
  if (backup === null) throw notSet('IMGVAR_BACKUP');
  return openCopier(originals, backup, s3);
}

/** @returns whether it is done, or given up for good */
async function backUpLive({ key }: Uploaded, copier: Copier, functionName: string): Promise<boolean> {
  const begin = performance.now();
  const seconds = (): number => (performance.now() - begin) / 1000;
  try {
    const { result, bytes } = await backUp(key, copier);
    log(functionName, { level: 'info', code: result, key, bytes, seconds: seconds() }, { BackedUp: result === 'copied' ? 1 : 0, Seconds: seconds() });
    return true;
  } catch (error) {
    const { again, ...trouble } = troubleOf(error);
    log(functionName, { level: 'error', ...trouble, key, again, seconds: seconds() }, again ? { ToRetry: 1 } : { Failed: 1 });
    return !again;
  }
}
