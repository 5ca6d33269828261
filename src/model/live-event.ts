/** What happens in a live system that runs on this machine. JSON lines are these, as they are (docs/json.md). */
export type LiveEvent = Listening | Uploaded | Removed | VariantsMade | BackedUp | LiveFailure | InvocationFailed;

export type FunctionName = 'resize' | 'backup';

/** The system is up. */
export interface Listening {
  readonly type: 'dev';
  /** Where its page is: `http://127.0.0.1:8080/`. */
  readonly url: string;
  /** Absolute paths. */
  readonly originals: string;
  readonly variants: string;
  readonly backup: string;
  readonly specs: readonly string[];
}

/** An original is there whole, and both functions are told of it. */
export interface Uploaded {
  readonly type: 'uploaded';
  readonly original: string;
  readonly bytes: number;
}

/** An original is gone. Its variants and its backup stay, as they do in the cloud. */
export interface Removed {
  readonly type: 'removed';
  readonly original: string;
}

export interface VariantsMade {
  readonly type: 'made';
  readonly original: string;
  /** The names of the specs. */
  readonly variants: readonly string[];
  /** Of all these variants. */
  readonly bytes: number;
  readonly seconds: number;
}

export interface BackedUp {
  readonly type: 'backed-up';
  readonly original: string;
  /** `present`: a copy of just this content was there already. */
  readonly result: 'copied' | 'present';
  readonly bytes: number;
}

/** What a function could not do. */
export interface LiveFailure {
  readonly type: 'failed';
  readonly function: FunctionName;
  readonly original: string;
  /** The spec's name; null for all, and for a backup. */
  readonly variant: string | null;
  readonly code: string;
  readonly detail: string;
  /** Whether it may pass when it is tried again, as it is unless it was the last time: `redelivery` and `dead-letter` tell which. */
  readonly retryable: boolean;
}

/** An invocation failed, or its process ended. Two are tried again; what fails then as well is a dead letter. */
export interface InvocationFailed {
  readonly type: 'redelivery' | 'dead-letter';
  readonly function: FunctionName;
  readonly original: string;
  /** An error's message, a signal's name, an exit code, or `timeout`. */
  readonly cause: string;
}
