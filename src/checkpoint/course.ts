import type { RunRecord } from './run-record.js';
import type { Sums } from './sums.js';

/** A point of how a run went: what was settled after so many seconds of work. */
export type Point = RunRecord['course'][number];

/** So many tell a run of any length: when there are more, every other one is left out. */
const MOST_POINTS = 240;

/** @param seconds of work until now, over all sessions */
export function withPoint(course: readonly Point[], seconds: number, { originals, upToDate, made, failed, bytesWritten }: Sums): Point[] {
  const points = [...course, { seconds, originals: originals - upToDate, made, failed, bytesWritten }];
  if (points.length <= MOST_POINTS) return points;
  return points.filter((_, index) => index % 2 === 1 || index === points.length - 1);
}
