/** The backup function: copies what was uploaded to the backup location, between buckets on S3's side, when S3 tells of it. */
import type { Copier } from '../store/copier.js';
import { openCopier } from '../store/open-copier.js';
import { backUp } from '../work/back-up.js';
import type { LambdaContext } from './context.js';
import { log } from './log.js';
import { noticesOf } from './notice.js';
import { forEachUpload, type Uploaded } from './notifications.js';
import { notSet, settingsOf, type Settings } from './settings.js';
import { troubleOf } from './trouble.js';

const starting = settingsOf().then(async (settings) => ({ settings, copier: await copierFor(settings) }));
// As for resize: loaded while the environment starts, and met by the first invocation if it is wrong.
await starting.catch(() => undefined);

export async function handler(event: unknown, { functionName }: LambdaContext): Promise<void> {
  const { settings, copier } = await starting;
  const notices = noticesOf(event);
  if (notices === undefined) return log(functionName, { level: 'error', code: 'invalid-event', detail: 'no notification of S3' }, { Failed: 1 });
  await forEachUpload(notices, settings.originals, functionName, (uploaded) => backUpLive(uploaded, copier, functionName));
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
