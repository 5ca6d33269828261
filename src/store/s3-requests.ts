import type { S3Client } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import { UserError } from '../model/user-error.js';
import type { RequestKind, Requests } from '../model/requests.js';
import { s3Client } from './s3-client.js';
import { isPassing, troubleOf, userErrorOf, type S3Trouble } from './s3-error.js';
import { MOST_REPETITIONS, type S3Settings } from './s3-settings.js';

/** A request failed for good, as `trouble` says. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';

  constructor(readonly trouble: S3Trouble) {
    super(trouble.code);
  }
}

/**
 * The first and the longest wait before a request is tried again, in milliseconds. The waits double from FIRST_WAIT, and
 * each is drawn at random below that, so that many clients do not come back together: all in all half a minute of them,
 * on average.
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter" (full jitter).
 */
const FIRST_WAIT = 200;
const LONGEST_WAIT = 20_000;

/** Who sends to one location shares these. */
interface Connection {
  client: Promise<S3Client>;
  /** As many as the client has connections: it would count a wait for one as a connection that cannot be made. */
  readonly slots: PQueue;
  /** Whether its name was ever found: then it is not wrong, and whoever does not find it later has lost the network. */
  isKnown: boolean;
}

/** Sends requests to one location, counts them, and repeats what may pass. */
export class S3Requests {
  readonly #location: string;
  readonly #settings: S3Settings;
  readonly #counts = { get: 0, put: 0, head: 0, list: 0, delete: 0, retries: 0 };
  readonly #connection: Connection;

  /**
   * @param location as a person writes it, for messages
   * @param connection where it is another's as well
   */
  constructor(location: string, settings: S3Settings, connection: Connection = newConnection(settings)) {
    this.#location = location;
    this.#settings = settings;
    this.#connection = connection;
  }

  /** Over the same connections, and counted by itself. */
  apart(): S3Requests {
    return new S3Requests(this.#location, this.#settings, this.#connection);
  }

  async region(): Promise<string> {
    return (await this.#connection.client).config.region();
  }

  /** So far; a copy. */
  get counts(): Requests {
    return { ...this.#counts };
  }

  /**
   * @param attempt one try, with everything that can fail on the way, also reading the body
   * @param attempts the most tries
   * @throws RequestFailed; UserError for what a person must mend, such as credentials
   */
  async send<T>(kind: RequestKind, attempt: (client: S3Client) => Promise<T>, attempts: number = MOST_REPETITIONS): Promise<T> {
    let followed = false;
    for (let tried = 1; ; tried++) {
      const client = await this.#connection.client;
      try {
        const result = await this.#connection.slots.add(
          () => {
            this.#counts[kind] += 1;
            if (tried > 1) this.#counts.retries += 1;
            return attempt(client);
          },
          { throwOnTimeout: true },
        );
        this.#connection.isKnown = true;
        return result;
      } catch (error) {
        const trouble = troubleOf(error);
        if (trouble === undefined) throw error;
        if (trouble.region !== undefined && !followed && trouble.region !== (await client.config.region())) {
          followed = true;
          await this.#followTo(trouble.region);
          continue;
        }
        const mistake = userErrorOf(trouble, this.#location);
        if (mistake !== undefined) throw mistake;
        const passes = isPassing(trouble) || (trouble.code === 'ENOTFOUND' && this.#connection.isKnown);
        if (tried >= attempts || !passes) throw new RequestFailed(trouble);
        await sleep(Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tried - 1)));
      }
    }
  }

  /** From now on to this region; others in flight may have found out before. */
  async #followTo(region: string): Promise<void> {
    const current = await this.#connection.client;
    if ((await current.config.region()) !== region) this.#connection.client = s3Client(this.#settings, region);
  }
}

function newConnection(settings: S3Settings): Connection {
  return { client: s3Client(settings, settings.region), slots: new PQueue({ concurrency: settings.connections }), isKnown: false };
}

/** Keeps a mistake of the user what it is, and turns a failed request into what fits the caller. */
export function failedAs(error: unknown, convert: (trouble: S3Trouble) => Error): unknown {
  if (error instanceof UserError) return error;
  return error instanceof RequestFailed ? convert(error.trouble) : error;
}
