/** One execution environment of a function: a child process that takes one invocation after another, as Lambda has it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import process from 'node:process';
import { errorPayload, LARGEST_PAYLOAD } from './payload.js';

/**
 * @typedef {object} FunctionSettings
 * @property {string} root Where its zip is unpacked.
 * @property {string} handler `file.name`
 * @property {readonly string[]} runtime The program, with its arguments, that speaks with the Runtime API.
 * @property {Readonly<Record<string, string>>} [env]
 * @property {number} [memoryMB] 1769 by default.
 * @property {number} [timeoutSeconds] 60 by default.
 * @property {number} [concurrency] Environments at the most; 10 by default.
 *
 * @typedef {{ id: string, payload: Buffer, deadline: number, settle: (ended: Ended) => void }} Invocation
 * @typedef {{ payload: Buffer, error?: string, status?: string, durationMs: number, initMs?: number, maxMemoryMB: number, lines: string[] }} Ended
 */

/** How often a process's memory is looked at, in milliseconds. */
const LOOK_EVERY = 25;

export class Environment {
  /** @type {Invocation | undefined} */ #current;
  /** @type {import('node:http').ServerResponse | undefined} What asked for the next invocation. */ #waiting;
  /** @type {string[]} */ #lines = [];
  /** @type {number | undefined} Of an environment of which no invocation has ended yet. */ #initMs;
  /** @type {string | undefined} */ #endedBy;
  /** @type {NodeJS.Timeout | undefined} */ #timeout;
  /** @type {import('node:child_process').ChildProcess | undefined} */ #child;
  /** @type {import('node:http').Server} */ #api;
  /** @type {NodeJS.Timeout} */ #watch;
  #spawned = performance.now();
  #begun = 0;
  #maxMemory = 0;
  #frozen = false;
  #started = false;
  alive = true;

  /** @param {string} name @param {FunctionSettings} settings */
  constructor(name, settings) {
    this.name = name;
    this.settings = settings;
    // One for each, as the address that a runtime is given has no room for more than host and port.
    this.#api = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(/** @type {Buffer} */ (chunk));
      this.#answer((request.url ?? '').replace('/2018-06-01/runtime/', ''), Buffer.concat(chunks), response);
    });
    this.#api.listen(0, '127.0.0.1', () => this.#spawn());
    this.#watch = setInterval(() => this.#look(), LOOK_EVERY);
  }

  #spawn() {
    const address = this.#api.address();
    if (!this.alive || address === null || typeof address === 'string') return;
    const { runtime, handler, root, env } = this.settings;
    const [program = '', ...args] = runtime;
    const child = spawn(program, [...args, handler], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        AWS_ACCESS_KEY_ID: process.env['AWS_ACCESS_KEY_ID'],
        AWS_SECRET_ACCESS_KEY: process.env['AWS_SECRET_ACCESS_KEY'],
        AWS_REGION: 'us-east-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...env,
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${address.port}`,
        AWS_LAMBDA_FUNCTION_NAME: this.name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${this.name}`,
        AWS_LAMBDA_LOG_STREAM_NAME: 'test',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(this.memoryMB),
        LAMBDA_TASK_ROOT: root,
        _HANDLER: handler,
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        this.#lines.push(...lines);
      });
    }
    child.on('exit', (code, signal) => this.#exited(signal === null ? `exit status ${code}` : `signal: ${signal === 'SIGKILL' ? 'killed' : signal}`));
    child.on('error', (error) => this.#exited(error.message));
    this.#child = child;
  }

  get memoryMB() {
    return this.settings.memoryMB ?? 1769;
  }

  get idle() {
    return this.alive && this.#current === undefined;
  }

  /** @param {string} id @param {Buffer} payload @returns {Promise<Ended>} */
  invoke(id, payload) {
    return new Promise((settle) => {
      this.#lines = [];
      this.#current = { id, payload, deadline: 0, settle };
      this.#handOver();
    });
  }

  kill() {
    this.alive = false;
    if (this.#child === undefined) this.#exited('signal: killed');
    else this.#child.kill('SIGKILL');
  }

  /**
   * The Runtime API. Source: AWS Lambda Developer Guide, "Using the Lambda runtime API".
   * @param {string} path below /2018-06-01/runtime/ @param {Buffer} body @param {import('node:http').ServerResponse} response
   */
  #answer(path, body, response) {
    if (path === 'invocation/next') {
      if (!this.#started) this.#initMs = performance.now() - this.#spawned;
      this.#started = true;
      this.#waiting = response;
      response.on('close', () => {
        if (this.#waiting === response) this.#waiting = undefined;
      });
      this.#handOver();
      return;
    }
    const [, id, what] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    if (path === 'init/error') this.#endedBy = body.toString();
    else if (id === undefined || id !== this.#current?.id) return void response.writeHead(400).end();
    else if (what === 'error') this.#settle(body, 'Unhandled', 'error');
    else if (body.length > LARGEST_PAYLOAD) {
      const message = `Response payload size exceeded maximum allowed payload size (${LARGEST_PAYLOAD} bytes).`;
      this.#settle(errorPayload('Function.ResponseSizeTooLarge', message), 'Unhandled', 'error');
      return void response.writeHead(413).end();
    } else this.#settle(body);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  }

  /** Brings together an invocation and a process that waits for one. Without one, the process stands still. */
  #handOver() {
    const [waiting, current] = [this.#waiting, this.#current];
    if (waiting === undefined) return;
    if (current === undefined) {
      this.#frozen = this.#child?.kill('SIGSTOP') ?? false;
      return;
    }
    if (this.#frozen) this.#child?.kill('SIGCONT');
    this.#frozen = false;
    this.#waiting = undefined;
    this.#begun = performance.now();
    const seconds = this.settings.timeoutSeconds ?? 60;
    this.#timeout = setTimeout(() => this.#timedOut(seconds), seconds * 1000);
    waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': current.id,
      'lambda-runtime-deadline-ms': String(Math.round(Date.now() + seconds * 1000)),
      'lambda-runtime-invoked-function-arn': `arn:aws:lambda:us-east-1:123456789012:function:${this.name}`,
    });
    waiting.end(current.payload);
  }

  /** @param {number} seconds */
  #timedOut(seconds) {
    const message = `RequestId: ${this.#current?.id} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
    this.#settle(errorPayload('Sandbox.Timedout', message), 'Unhandled', 'timeout');
    this.kill();
  }

  #look() {
    // One that stands still, as most do here, takes no more than before.
    if (this.#frozen) return;
    const memory = memoryOf(this.#child?.pid);
    this.#maxMemory = Math.max(this.#maxMemory, memory);
    if (memory > this.memoryMB) this.kill();
  }

  /** @param {string} how */
  #exited(how) {
    this.alive = false;
    clearInterval(this.#watch);
    this.#api.close();
    this.#api.closeAllConnections();
    const message = `RequestId: ${this.#current?.id} Error: Runtime exited with error: ${how}`;
    this.#settle(this.#endedBy === undefined ? errorPayload('Runtime.ExitError', message) : Buffer.from(this.#endedBy), 'Unhandled', 'error');
  }

  /** @param {Buffer} payload @param {string} [error] @param {string} [status] */
  #settle(payload, error, status) {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    clearTimeout(this.#timeout);
    this.#look();
    const durationMs = this.#begun === 0 ? 0 : performance.now() - this.#begun;
    const ended = { payload, error, status, durationMs, initMs: this.#initMs, maxMemoryMB: this.#maxMemory, lines: this.#lines };
    this.#initMs = undefined;
    // What was written last may still be on its way here.
    setTimeout(() => current.settle(ended), 3);
  }
}

/** Resident memory in MB; 0 where the system does not tell. @param {number | undefined} pid */
function memoryOf(pid) {
  try {
    const [, pages = 0] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
    return (pages * 4096) / 1024 / 1024;
  } catch {
    return 0;
  }
}
