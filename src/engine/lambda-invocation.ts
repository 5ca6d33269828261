import type { FailureCode } from '../model/failure.js';

/** What became of one attempt to invoke the function. */
export type Invocation =
  /** The function returned something. */
  | { readonly kind: 'answered'; readonly payload: unknown; readonly log: string }
  /** It ran and ended badly: it crashed, or its time was over. */
  | { readonly kind: 'died'; readonly death: Death; readonly log: string }
  /** It did not run, as something had enough of it for now. */
  | { readonly kind: 'throttled'; readonly reason: string; readonly waitSeconds: number }
  /** The request left, and no answer came: nobody knows whether it ran, or still does. */
  | { readonly kind: 'lost'; readonly detail: string }
  /** The request never left. */
  | { readonly kind: 'unsent'; readonly detail: string };

/** How an invocation ended badly, as it becomes a failure of the original that is to blame. */
export interface Death {
  readonly code: FailureCode;
  readonly detail: string;
}

/** One attempt, never repeated by itself. @throws UserError for what a person must mend */
export type Invoke = (payload: string) => Promise<Invocation>;

/** What Lambda says of an invocation at the end of its log. */
export interface Report {
  /** With the start of the environment, where there was one. */
  readonly billedSeconds: number;
  /** Of the start of an environment; null for one that was there already. */
  readonly initSeconds: number | null;
}

/**
 * The REPORT line of a log: fields that are known by their labels, as others come and go.
 * Source: AWS Lambda Developer Guide, "Monitoring function invocations"; null where the tail has no such line.
 */
export function reportIn(log: string): Report | null {
  const line = log.split('\n').findLast((text) => text.startsWith('REPORT RequestId:'));
  if (line === undefined) return null;
  const milliseconds = (label: string): number | null => {
    const [, digits] = new RegExp(`(?:^|\\s)${label}: (\\d{1,9}(?:\\.\\d{1,9})?) ms`).exec(line) ?? [];
    return digits === undefined ? null : Number(digits);
  };
  const billed = milliseconds('Billed Duration');
  const init = milliseconds('Init Duration');
  return billed === null ? null : { billedSeconds: billed / 1000, initSeconds: init === null ? null : init / 1000 };
}

/** What the payload of a function that ended badly says. */
export function deathOf(payload: unknown): Death {
  const { errorType, errorMessage } = typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {};
  const [type, message] = [errorType, errorMessage].map((text) => (typeof text === 'string' ? text : ''));
  if (type === 'Sandbox.Timedout' || /Task timed out after/.test(message ?? '')) return { code: 'timeout', detail: 'the function’s time was over' };
  // Only the first line, without the id that is another one each time: what the function says may be long.
  const words = (message ?? '').split('\n')[0]?.replace(/RequestId: \S+ (Error: )?/, '').slice(0, 200) ?? '';
  return { code: 'function-error', detail: [type, words].filter(Boolean).join(': ') };
}
