import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FunctionName } from '../model/live-event.js';
import type { FromFunction, ToFunction } from './messages.js';

const PROGRAM = fileURLToPath(new URL('./function-process.js', import.meta.url));

export interface FunctionSettings {
  readonly name: FunctionName;
  /** The module of its handler, as a URL. */
  readonly module: string;
  /** Its environment, whole. */
  readonly env: NodeJS.ProcessEnv;
  /** The longest that an invocation may take. */
  readonly timeoutSeconds: number;
  /** Called for each line of the function's log. */
  readonly onLine: (line: string) => void;
}

/** One execution environment of a function, as Lambda has it: a process that takes one event after the other. */
export class ExecutionEnvironment {
  readonly #child: ChildProcess;
  readonly #timeoutSeconds: number;
  #pending: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  #endedBy: string | undefined;

  constructor({ name, module, env, timeoutSeconds, onLine }: FunctionSettings) {
    this.#timeoutSeconds = timeoutSeconds;
    this.#child = fork(PROGRAM, [], { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#child.on('message', (message: FromFunction) => this.#settle(message.type === 'done' ? undefined : new Error(message.message)));
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('exit', (code, signal) => this.#end(signal ?? `exit code ${code}`));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', onLine);
    }
    this.#say({ type: 'load', module, name });
  }

  get alive(): boolean {
    return this.#endedBy === undefined;
  }

  /** One at a time. @throws Error whose message says what the handler failed with, or what ended the process */
  async invoke(event: unknown): Promise<void> {
    if (this.#endedBy !== undefined) throw new Error(this.#endedBy);
    const milliseconds = this.#timeoutSeconds * 1000;
    const timeout = setTimeout(() => {
      this.#end('timeout');
      this.kill();
    }, milliseconds);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#pending = { resolve, reject };
        this.#say({ type: 'invoke', event, deadline: Date.now() + milliseconds });
      });
    } finally {
      clearTimeout(timeout);
    }
  }

  /** Ends the process at once; what it was writing is left out, never torn. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #end(cause: string): void {
    this.#endedBy ??= cause;
    this.#settle(new Error(this.#endedBy));
  }

  #settle(error: Error | undefined): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (error === undefined) pending?.resolve();
    else pending?.reject(error);
  }

  #say(message: ToFunction): void {
    // A failed send is followed by 'exit', which is where the invocation learns of it.
    this.#child.send(message, () => undefined);
  }
}
