/**
 * The process of a function: loads the handler that is deployed to Lambda, and calls it as Lambda's runtime does, for one
 * event after the other.
 */
import type { LambdaContext } from '../lambda/context.js';
import type { FromFunction, ToFunction } from './messages.js';

type Handler = (event: unknown, context: LambdaContext) => Promise<unknown>;

// Ctrl-C reaches every process of the terminal; the parent decides what to finish. Without a parent, nobody counts.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit(0));

let loading: Promise<{ readonly handler: Handler }> | undefined;
let functionName = '';

process.on('message', (message: ToFunction) => {
  if (message.type === 'load') {
    functionName = message.name;
    loading = import(message.module) as Promise<{ readonly handler: Handler }>;
    // An error there is met by the first event.
    loading.catch(() => undefined);
  } else {
    invoke(message.event, message.deadline).then(
      () => say({ type: 'done' }),
      (error: unknown) => say({ type: 'error', message: error instanceof Error ? error.message : String(error) }),
    );
  }
});

async function invoke(event: unknown, deadline: number): Promise<void> {
  if (loading === undefined) throw new Error('an event came before the handler');
  const { handler } = await loading;
  await handler(event, { functionName, getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()) });
}

function say(message: FromFunction): void {
  if (process.connected) process.send?.(message, () => undefined);
}
