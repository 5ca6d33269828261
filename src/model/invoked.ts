/** What Lambda was asked to do, and what it bills for that. */
export interface Invoked {
  /** Each that may have begun; one that was throttled never did. */
  readonly invocations: number;
  /** Of these, how many started an environment. */
  readonly coldStarts: number;
  /** How often an invocation was refused for now. */
  readonly throttles: number;
  /** Memory in MB / 1024, times billed seconds, by the function's architecture. */
  readonly gbSeconds: { readonly arm64: number; readonly x86_64: number };
  /** Bytes of the function's log, as far as they were seen. */
  readonly logBytes: number;
}

export const NOTHING_INVOKED: Invoked = {
  invocations: 0,
  coldStarts: 0,
  throttles: 0,
  gbSeconds: { arm64: 0, x86_64: 0 },
  logBytes: 0,
};

export function addInvoked(a: Invoked, b: Invoked): Invoked {
  return {
    invocations: a.invocations + b.invocations,
    coldStarts: a.coldStarts + b.coldStarts,
    throttles: a.throttles + b.throttles,
    gbSeconds: { arm64: a.gbSeconds.arm64 + b.gbSeconds.arm64, x86_64: a.gbSeconds.x86_64 + b.gbSeconds.x86_64 },
    logBytes: a.logBytes + b.logBytes,
  };
}

/** How fast a fan-out goes at present. */
export interface Pace {
  readonly inFlight: number;
  /** How many may be in flight at present. */
  readonly concurrency: number;
  readonly throttles: number;
}
