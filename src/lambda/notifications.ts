import PQueue from 'p-queue';
import type { Location } from '../model/location.js';
import { log } from './log.js';
import type { Notice } from './notice.js';
import { keyIn } from './own-location.js';
import { IN_FLIGHT } from './settings.js';

/** An original that a notification tells of. */
export interface Uploaded {
  /** Relative to the originals' location. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

/** Fails an invocation, so that Lambda delivers its event again, and at last to the dead-letter queue. */
export class TryAgainLater extends Error {
  override readonly name = 'TryAgainLater';
}

/**
 * Does the work for every original that a notification tells of, whatever becomes of the others; what needs none is told in
 * the log. Notifications come at least once, and in no order: the work itself looks at what is there now.
 *
 * @param work says whether it is done, or given up for good, rather than to be tried again
 * @throws TryAgainLater once all were tried, if any may work later
 */
export async function forEachUpload(
  notices: readonly Notice[],
  originals: Location,
  functionName: string,
  work: (uploaded: Uploaded) => Promise<boolean>,
): Promise<void> {
  const inFlight = new PQueue({ concurrency: IN_FLIGHT });
  const settled = await inFlight.addAll(
    notices.map((notice) => async () => {
      const uploaded = uploadIn(notice, originals, functionName);
      return uploaded === undefined || work(uploaded);
    }),
    { throwOnTimeout: true },
  );
  const open = settled.filter((isSettled) => !isSettled).length;
  if (open > 0) throw new TryAgainLater(`${open} of ${settled.length} records must be tried again`);
}

/** What is to be worked on; undefined, and a line in the log, where nothing is. */
function uploadIn(notice: Notice, originals: Location, functionName: string): Uploaded | undefined {
  if (notice.kind !== 'created') {
    const { kind, code, detail } = notice;
    log(functionName, { level: kind === 'ignored' ? 'info' : 'error', code, detail }, kind === 'ignored' ? {} : { Failed: 1 });
    return undefined;
  }
  const key = keyIn(notice, originals);
  if (key === undefined) {
    log(functionName, { level: 'warn', code: 'not-an-original', detail: `${notice.bucket}/${notice.key}` });
    return undefined;
  }
  if (key === '' || (key.endsWith('/') && notice.size === 0)) {
    log(functionName, { level: 'info', code: 'folder-mark', key });
    return undefined;
  }
  return { key, size: notice.size };
}
