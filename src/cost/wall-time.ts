import type { Bound } from '../model/estimate.js';

export interface WallTime {
  readonly seconds: number;
  /** Which of the bounds it is. */
  readonly boundBy: Bound;
}

/** The slowest of the bounds, as they all hold at once; then what comes before full speed. @param ramp seconds */
export function wallTime(bounds: Readonly<Partial<Record<Bound, number>>>, ramp = 0): WallTime {
  let worst: WallTime = { seconds: 0, boundBy: 'nothing' };
  for (const [boundBy, seconds] of Object.entries(bounds) as [Bound, number][]) {
    if (seconds > worst.seconds) worst = { seconds, boundBy };
  }
  return { ...worst, seconds: worst.seconds + ramp };
}

/** Requests a second for one partition of a bucket, where a prefix begins with one. Source: AWS S3 user guide, optimizing performance. */
export const PUTS_PER_SECOND = 3500;
export const GETS_PER_SECOND = 5500;

/** How long S3 needs at least for so many requests, by keys of one partition: a new prefix begins with one. */
export function storeBounds({ gets, puts }: { readonly gets: number; readonly puts: number }) {
  return { 'put-rate': puts / PUTS_PER_SECOND, 'get-rate': gets / GETS_PER_SECOND };
}
