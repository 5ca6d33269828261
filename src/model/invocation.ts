import type { Job } from './job.js';
import type { Limits } from './limits.js';
import type { JobResult } from './outcome.js';
import type { Requests } from './requests.js';
import type { UserErrorCode } from './user-error.js';

/**
 * What the engine and a deployed resize function say to each other, as JSON. Raised by hand when either side would
 * misread the other, which a new field of a spec already does.
 */
export const PROTOCOL = 1;

/** Asks what is deployed; answered whatever the protocol is, so that a mismatch can be told by name. */
export interface DescribeRequest {
  readonly imgvar: 'describe';
  readonly protocol: number;
}

/** Asks whether the function can do what it is deployed for; the locations are those that it is to be able to use. */
export interface CheckRequest {
  readonly imgvar: 'check';
  readonly protocol: number;
  readonly originals: string;
  readonly variants: string;
  /** Of the variants. To try `write` leaves an empty file of imgvar's own there. */
  readonly access: 'read' | 'write';
}

/** The local worker's own message, for several originals at once. */
export interface JobsRequest {
  readonly imgvar: 'jobs';
  readonly protocol: number;
  /** The function's own locations, as it describes them; any other is refused, so that no caller directs it elsewhere. */
  readonly originals: string;
  readonly variants: string;
  readonly limits: Limits;
  /** Read and make, but write nothing: to measure. */
  readonly dryRun: boolean;
  readonly jobs: readonly Job[];
}

export type InvocationRequest = DescribeRequest | CheckRequest | JobsRequest;

/** What is deployed. */
export interface Description {
  readonly imgvar: 'description';
  readonly protocol: number;
  /** Of the imgvar that the function was made from. */
  readonly version: string;
  readonly originals: string;
  readonly variants: string;
  readonly layout: string;
  /** The fingerprints of the specs that a live upload is made by, by name. */
  readonly specs: Readonly<Record<string, string>>;
  /** Null where it is not known, outside of AWS. */
  readonly region: string | null;
  readonly architecture: 'arm64' | 'x64';
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  /** That it writes variants with; null for the bucket's own. */
  readonly storageClass: string | null;
}

/** It can; what it cannot is a refusal. */
export interface Checked {
  readonly imgvar: 'checked';
  readonly protocol: number;
  /** What it took to find out. */
  readonly requests: Requests;
}

export interface JobsAnswer {
  readonly imgvar: 'results';
  readonly protocol: number;
  /** In the order in which they were done. */
  readonly done: readonly DoneJob[];
  /** Places in `jobs` of those for which no time, or no room in the answer, was left: to be sent again. */
  readonly notBegun: readonly number[];
  /** Of the whole call, as far as the handler sees it: without the start of its environment. */
  readonly seconds: number;
}

export interface DoneJob {
  /** Its place in the request's `jobs`. */
  readonly index: number;
  readonly result: JobResult;
  /** From its beginning to its confirmation; other jobs went on meanwhile. */
  readonly seconds: number;
}

/** The same request would be refused again until something is mended. What was done before that was found is not told: it is in the store. */
export interface Refusal {
  readonly imgvar: 'refusal';
  readonly protocol: number;
  readonly code: RefusalCode;
  readonly message: string;
}

export type RefusalCode = 'protocol-unsupported' | 'request-invalid' | 'location-foreign' | UserErrorCode;

export type InvocationAnswer = Description | Checked | JobsAnswer | Refusal;
