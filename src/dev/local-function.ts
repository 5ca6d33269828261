import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { ExecutionEnvironment, type FunctionSettings } from './execution-environment.js';

/**
 * Seconds until an event that failed is delivered again. Twice, as Lambda does it, but sooner: there it is after one minute
 * and after two. Source: AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation".
 */
const RETRY_AFTER = [1, 2];

export interface LocalFunctionSettings extends FunctionSettings {
  /** Execution environments at the most. */
  readonly concurrency: number;
}

/** A function on this machine, called as SNS calls it: asynchronously, and again if it fails. */
export interface LocalFunction {
  /**
   * Ends when the event was handled or given up.
   * @param onFailed called for each failed attempt; `isLast`: it is not tried again
   */
  deliver(event: unknown, onFailed: (cause: string, isLast: boolean) => void): Promise<void>;
  /** Lets what is under way end, and leaves out what waits. */
  close(): Promise<void>;
  /** Ends all processes at once. */
  kill(): void;
}

export function localFunction(settings: LocalFunctionSettings): LocalFunction {
  const queue = new PQueue({ concurrency: settings.concurrency });
  const environments = new Set<ExecutionEnvironment>();
  const idle: ExecutionEnvironment[] = [];
  let isClosing = false;

  const start = (): ExecutionEnvironment => {
    const environment = new ExecutionEnvironment(settings);
    environments.add(environment);
    return environment;
  };

  const invoke = async (event: unknown): Promise<void> => {
    let environment = idle.pop();
    // One may have ended since, while it had nothing to do.
    while (environment?.alive === false) environment = idle.pop();
    environment ??= start();
    try {
      await environment.invoke(event);
    } finally {
      if (environment.alive) idle.push(environment);
      else environments.delete(environment);
    }
  };

  return {
    async deliver(event, onFailed) {
      for (const seconds of [...RETRY_AFTER, undefined]) {
        try {
          return await queue.add(() => invoke(event), { throwOnTimeout: true });
        } catch (error) {
          if (isClosing) return;
          onFailed(error instanceof Error ? error.message : String(error), seconds === undefined);
        }
        if (seconds !== undefined) await sleep(seconds * 1000, undefined, { ref: false });
        if (isClosing) return;
      }
    },

    async close() {
      isClosing = true;
      queue.clear();
      await queue.onIdle();
      this.kill();
    },

    kill() {
      for (const environment of environments) environment.kill();
    },
  };
}
