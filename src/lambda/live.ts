import type { DueVariant, Job } from '../model/job.js';
import { failed, type Failed, type Outcome } from '../model/outcome.js';
import { statIfHeld } from '../store/stat-if-held.js';
import type { Store } from '../store/store.js';
import { log } from './log.js';
import type { Uploaded } from './notifications.js';
import type { Settings } from './settings.js';
import { isToRetry, troubleOf } from './trouble.js';
import { secondsForImage } from './time-limit.js';
import { openOwn } from './workshop.js';

/**
 * Makes all variants of one original that was just uploaded, from what is there now: a notice that comes twice, late or out
 * of order makes the same again, and never variants of older content.
 *
 * @returns whether it is done, or given up for good
 */
export async function makeLive(uploaded: Uploaded, settings: Settings, functionName: string, secondsLeft: () => number): Promise<boolean> {
  const { key } = uploaded;
  const begin = performance.now();
  const seconds = (): number => (performance.now() - begin) / 1000;
  try {
    const workshop = await openOwn(settings);
    const { job, collisions } = await jobFor(uploaded, settings, workshop.originals);
    const { outcomes, bytesRead, requests } = await workshop.do(job, settings.config.limits, () => secondsForImage(secondsLeft()));
    return tell(functionName, key, [...outcomes, ...collisions], { bytesRead, requests, seconds: seconds() });
  } catch (error) {
    const { again, ...trouble } = troubleOf(error);
    log(functionName, { level: 'error', ...trouble, key, again, seconds: seconds() }, again ? { ToRetry: 1 } : { Failed: 1 });
    return !again;
  }
}

/** All variants are due, but for those whose key another original owns. */
async function jobFor({ key, size }: Uploaded, { config, layout }: Settings, originals: Store): Promise<{ job: Job; collisions: readonly Failed[] }> {
  const due: DueVariant[] = [];
  const collisions: Failed[] = [];
  await Promise.all(
    config.specs.map(async (spec) => {
      const rival = layout.rivalOf(key, spec);
      const isTaken = rival !== null && (await statIfHeld(originals, rival)) !== undefined;
      if (isTaken) collisions.push(failed(key, spec.name, { code: 'key-collision', detail: rival }));
      else due.push({ spec, key: layout.keyOf(key, spec), reason: 'forced' });
    }),
  );
  // Of the original, only the key is asked: what it is like now is seen when it is read.
  return { job: { original: { key, size, lastModified: 0, etag: '' }, due }, collisions };
}

/** One line for what was made, and one for each failure. */
function tell(functionName: string, key: string, outcomes: readonly Outcome[], measured: Readonly<Record<string, unknown>> & { seconds: number }): boolean {
  const made = outcomes.filter((outcome) => outcome.result === 'made');
  const failures = outcomes.filter((outcome) => outcome.result === 'failed');
  if (made.length > 0) {
    const bytesWritten = made.reduce((sum, { bytes }) => sum + bytes, 0);
    const line = { variants: made.map(({ variant }) => variant), bytesWritten, ...measured };
    log(functionName, { level: 'info', code: 'made', key, ...line }, { Made: made.length, Seconds: measured.seconds, BytesWritten: bytesWritten });
  }
  for (const { variant, code, detail } of failures) {
    const again = isToRetry(code);
    log(functionName, { level: 'error', code, key, variant, detail, again, ...measured }, again ? { ToRetry: 1 } : { Failed: 1 });
  }
  return failures.every(({ code }) => !isToRetry(code));
}
