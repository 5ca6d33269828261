import type { RunStarted } from '../model/events.js';

/** How the work of a run is called. */
export interface WorkWords {
  /** "Made", "Would make", and what. */
  readonly did: string;
  readonly would: string;
  readonly noun: string;
  readonly plural: string;
  /** Of an original that needs nothing. */
  readonly upToDate: string;
  /** Where what was made is. */
  readonly place: string;
}

const MAKING: WorkWords = { did: 'Made', would: 'Would make', noun: 'variant', plural: 'variants', upToDate: 'up to date', place: 'variants in' };
const BACKING_UP: WorkWords = { did: 'Copied', would: 'Would copy', noun: 'original', plural: 'originals', upToDate: 'backed up', place: 'copies in' };
const RESTORING: WorkWords = { did: 'Brought back', would: 'Would bring back', noun: 'original', plural: 'originals', upToDate: 'in place', place: 'originals in' };

const WORDS: Record<RunStarted['command'], WorkWords> = { reprocess: MAKING, regenerate: MAKING, verify: MAKING, backup: BACKING_UP, restore: RESTORING };

export function workWords(command: RunStarted['command']): WorkWords {
  return WORDS[command];
}
