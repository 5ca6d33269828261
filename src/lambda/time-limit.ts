/** So much of the time is kept for what comes after the images: writing, and saying what came of it. In seconds, and as a share where time is short. */
const AFTERWARDS = { seconds: 3, share: 0.5 };

/**
 * What an image whose turn it is may take, in seconds to a tenth: one that would not be done in time fails by itself, rather
 * than end the invocation, and with it others.
 *
 * @param left until Lambda ends the invocation
 */
export function secondsForImage(left: number): number {
  const kept = Math.min(AFTERWARDS.seconds, left * AFTERWARDS.share);
  return Math.max(0, Math.floor((left - kept) * 10) / 10);
}
