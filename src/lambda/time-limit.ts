import type { Limits } from '../model/limits.js';

/** So much of the time is kept for what comes after the images: writing, and saying what came of it. In seconds. */
const AFTERWARDS = 3;

/** An image that would not be done in time fails by itself, rather than end the invocation, and with it others. */
export function limitsFor(limits: Limits, secondsLeft: number): Limits {
  return { ...limits, seconds: Math.max(1, Math.min(limits.seconds, Math.floor(secondsLeft - AFTERWARDS))) };
}
