/** What doctor has looked at. */
export interface Checkup {
  readonly type: 'check';
  readonly check: string;
  /** `warning`: work goes on, though something should be known; `skipped`: it is not used here. */
  readonly result: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found; of what failed, with the one fix. */
  readonly detail: string;
}

export type Found = Pick<Checkup, 'result' | 'detail'>;
