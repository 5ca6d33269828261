/** What Lambda tells of an invocation, as far as it is used. */
export interface LambdaContext {
  readonly functionName: string;
  readonly getRemainingTimeInMillis: () => number;
}

/** Seconds until Lambda ends the invocation, and everything in it. */
export function secondsLeft(context: LambdaContext): number {
  return context.getRemainingTimeInMillis() / 1000;
}
