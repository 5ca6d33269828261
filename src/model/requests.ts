/** Requests that were sent to a store, each attempt counted, as each is billed. Folders send none. */
export interface Requests {
  readonly get: number;
  readonly put: number;
  readonly head: number;
  readonly list: number;
  /** Free of charge. */
  readonly delete: number;
  /** How many of all these repeated one that had failed. */
  readonly retries: number;
}

export type RequestKind = Exclude<keyof Requests, 'retries'>;

export const NO_REQUESTS: Requests = { get: 0, put: 0, head: 0, list: 0, delete: 0, retries: 0 };

export function addRequests(a: Requests, b: Requests): Requests {
  return {
    get: a.get + b.get,
    put: a.put + b.put,
    head: a.head + b.head,
    list: a.list + b.list,
    delete: a.delete + b.delete,
    retries: a.retries + b.retries,
  };
}

/** What came to `now` since `before`. */
export function requestsSince(now: Requests, before: Requests): Requests {
  return {
    get: now.get - before.get,
    put: now.put - before.put,
    head: now.head - before.head,
    list: now.list - before.list,
    delete: now.delete - before.delete,
    retries: now.retries - before.retries,
  };
}
