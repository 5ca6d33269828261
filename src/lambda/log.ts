import process from 'node:process';

/** What is counted and measured, with CloudWatch's unit of it. */
const UNITS = {
  /** Variants written. */
  Made: 'Count',
  /** Originals copied. */
  BackedUp: 'Count',
  /** What can never work: it was told, and is not tried again. */
  Failed: 'Count',
  /** What may work later: the notice is delivered again. */
  ToRetry: 'Count',
  /** For one original, from its notice to its confirmation. */
  Seconds: 'Seconds',
  BytesWritten: 'Bytes',
} as const;

export type Metrics = Partial<Record<keyof typeof UNITS, number>>;

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  /** What happened: `made`, `copied`, a failure's code, ... */
  readonly code: string;
  /** Relative to the originals' location. */
  readonly key?: string;
  readonly [field: string]: unknown;
}

/**
 * Writes one line of JSON. With metrics it is also a line of CloudWatch's embedded metric format, from which CloudWatch
 * takes them by itself: no permission, and no request, is needed. Straight to stdout, as Lambda's `console` puts
 * words before a line, which then is no JSON any more.
 */
export function log(functionName: string, line: LogLine, metrics: Metrics = {}): void {
  const names = Object.keys(metrics) as (keyof Metrics)[];
  const definition = {
    Namespace: 'imgvar',
    Dimensions: [['function']],
    Metrics: names.map((name) => ({ Name: name, Unit: UNITS[name] })),
  };
  const embedded = names.length === 0 ? {} : { _aws: { Timestamp: Date.now(), CloudWatchMetrics: [definition] } };
  process.stdout.write(`${JSON.stringify({ ...line, function: functionName, ...metrics, ...embedded })}\n`);
}
