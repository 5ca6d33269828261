import type { Deployed, DeployEvent, Step } from '../model/deployment.js';
import type { Writing } from '../checkpoint/ledger.js';
import { acquireLock, type Lock } from '../checkpoint/lock.js';
import type { Notified } from '../stack/buckets.js';
import type { Aws } from '../stack/clients.js';
import type { Places } from '../stack/places.js';
import type { StackState } from '../stack/stack-state.js';
import type { Store } from '../store/store.js';

/** What a deployment needs to know. */
export interface DeployParts {
  readonly aws: Aws;
  readonly stack: string;
  /** As it was when the places were settled. */
  readonly state: StackState | undefined;
  readonly places: Places;
  /** Parameters that somebody gave. */
  readonly given: ReadonlyMap<string, string>;
  /** The zip of the functions, with the config in it. */
  readonly zip: Uint8Array;
  /** Where the variants are to be; its bucket need not exist. */
  readonly variants: Store;
  readonly writing: Writing;
  readonly leaseSeconds: number;
}

export interface DeployControl {
  /** Show what would change; nothing is kept. */
  readonly dryRun: boolean;
  readonly onEvent: (event: DeployEvent) => void;
  /** Abort to begin nothing more; what CloudFormation has begun goes on. */
  readonly signal: AbortSignal;
}

/** A deployment on its way: what was given, and what follows from it. */
export interface Deploying extends DeployParts, DeployControl {
  readonly action: 'create' | 'update' | 'remove-first';
  readonly startedAt: number;
  /** Of the template, in its order. */
  readonly known: readonly string[];
  readonly template: string;
}

/** Nobody else writes variants meanwhile. @throws UserError `locked` */
export function takeRoot({ variants, stack, leaseSeconds }: Deploying): Promise<Lock> {
  return acquireLock(variants.own, variants.location, `deploy-${stack}`, leaseSeconds);
}

/** What the bucket of originals tells, where it is not the stack's. */
export function notified({ aws, places, stack }: Deploying): Notified {
  const { bucket, prefix } = places.originals;
  // The template gives the topic this name.
  return { bucket, prefix, id: `imgvar-${stack}`, topic: `arn:${aws.partition}:sns:${aws.region}:${aws.account}:${stack}-uploads` };
}

export function step({ onEvent }: Deploying, code: Step['code'], detail: string): void {
  onEvent({ type: 'step', code, detail });
}

export function ending({ stack, startedAt }: Deploying, outcome: Deployed['outcome'], outputs: Deployed['outputs']): Deployed {
  return { type: 'deployed', stack, outcome, status: null, outputs, failures: [], seconds: (Date.now() - startedAt) / 1000 };
}
