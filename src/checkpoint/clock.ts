import { setTimeout as sleep } from 'node:timers/promises';
import type { OwnFiles } from '../store/own-files.js';

/** Says nothing: it is written to be dated. */
const TICK = 'now';

/** What time it is by the store's clock, in milliseconds since 1970. The clocks of machines differ, and are never asked. */
export async function storeTime(own: OwnFiles): Promise<number> {
  await own.write(TICK, Buffer.from('{}'));
  const written = await own.read(TICK);
  if (written === undefined) throw new Error('what was just written is gone');
  return written.lastModified;
}

/**
 * A moment by the store's clock that is after everything that was written until now, and not after anything that will be
 * written when this has returned. In a bucket, which has whole seconds, it takes up to one.
 */
export async function freshMoment(own: OwnFiles): Promise<number> {
  let now = await storeTime(own);
  const moment = (Math.floor(now / own.clockStep) + 1) * own.clockStep;
  while (now < moment) {
    await sleep(Math.min(own.clockStep, moment - now));
    now = await storeTime(own);
  }
  return moment;
}
