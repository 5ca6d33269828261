import { fork, type ChildProcess } from 'node:child_process';
import type { Job } from '../model/job.js';
import type { JobResult } from '../model/outcome.js';
import { UserError } from '../model/user-error.js';
import type { FromWorker, ToWorker } from './messages.js';

/** How much of what a worker wrote to its stderr is kept to explain its death, in characters. */
const LAST_WORDS = 2_000;

/** A worker process ended while it had this job. */
export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';

  /** @param cause what ended it: a signal's name or an exit code; `timeout` if it was stopped for being silent */
  constructor(override readonly cause: string) {
    super(`the worker process ended: ${cause}`);
  }
}

interface Pending {
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: Error) => void;
}

/** One child process, which does the jobs that it is given side by side. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #patience: number;
  #silence: NodeJS.Timeout | undefined;
  #nextId = 0;
  #alive = true;
  #retired = false;
  #ready = false;
  #timedOut = false;
  #lastWords = '';

  /**
   * @param program the module that the process runs; it speaks what messages.ts says
   * @param patience how long it may have work and say nothing before it counts as hung and is ended, in milliseconds
   */
  constructor(program: string, setup: ToWorker & { type: 'setup' }, env: NodeJS.ProcessEnv, patience: number) {
    this.#patience = patience;
    this.#child = fork(program, [], { env, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child.on('message', (message: FromWorker) => this.#hear(message));
    this.#child.on('error', (error) => this.#die(error.message));
    this.#child.on('exit', (code, signal) => this.#die(signal ?? `exit code ${code}`));
    // Image libraries print warnings there; they are not for the person who runs this.
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS);
    });
    this.#say(setup);
  }

  /** Whether it takes more jobs. */
  get alive(): boolean {
    return this.#alive && !this.#retired;
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  /** @throws WorkerDied when the process ends before it answers; any other error is a bug */
  do(job: Job): Promise<JobResult> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      if (this.#pending.size === 1) this.#listen();
      if (this.#alive) this.#say({ type: 'job', id, job });
      else this.#die('already ended');
    });
  }

  /** Ends the process at once; what it was writing is left out, never torn. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** From now on it may be silent for so long. */
  #listen(): void {
    clearTimeout(this.#silence);
    if (this.#pending.size > 0) this.#silence = setTimeout(() => this.#giveUp(), this.#patience);
  }

  #giveUp(): void {
    this.#timedOut = true;
    this.kill();
  }

  #hear(message: FromWorker): void {
    if (message.type === 'ready') this.#ready = true;
    if (message.type === 'ready' || message.type === 'alive') return this.#listen();
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    this.#listen();
    if (message.type === 'result') {
      this.#retireAfter(message.result);
      pending.resolve(message.result);
    } else if (message.type === 'mistake') pending.reject(new UserError(message.code, message.message));
    else pending.reject(new Error(`a bug in a worker process\n${message.stack}`));
  }

  /**
   * What was not done in time with an original that was read may go on for long in the library, with its memory and one of its
   * few threads: until the process ends.
   */
  #retireAfter({ outcomes, bytesRead }: JobResult): void {
    this.#retired ||= bytesRead > 0 && outcomes.some((outcome) => outcome.result === 'failed' && outcome.code === 'timeout');
    if (this.#retired && this.#pending.size === 0) this.kill();
  }

  #die(cause: string): void {
    this.#alive = false;
    const error = this.#ready || this.#timedOut || cause.startsWith('SIG')
      ? new WorkerDied(this.#timedOut ? 'timeout' : cause)
      : new Error(`a worker process could not start (${cause})\n${this.#lastWords}`);
    clearTimeout(this.#silence);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  #say(message: ToWorker): void {
    // A failed send is followed by 'exit', which is where jobs learn of it.
    this.#child.send(message, () => undefined);
  }
}
