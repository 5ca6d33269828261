import type { Writing } from '../checkpoint/ledger.js';
import { RETRY, type Identity, type Terms } from '../checkpoint/run-record.js';
import { fingerprintOf } from '../model/fingerprint.js';
import type { Mode } from '../model/job.js';
import type { Past } from '../plan/past.js';
import type { OwnFiles } from '../store/own-files.js';
import type { RunControl, RunParts } from './perform.js';
import { beginSession, type Session } from './session.js';

/** What a run needs beside what it works with: who chose what, and where it is remembered. */
export interface SessionParts {
  readonly writing: Writing;
  /** Where records of runs are kept. */
  readonly checkpoint: OwnFiles;
  readonly leaseSeconds: number;
  readonly fresh: boolean;
  /** What was typed beside what makes it this job, to be typed again by who goes on with it. Default: nothing. */
  readonly terms?: Terms;
  /** Where copies are made: see Past.compare. */
  readonly compare?: Past['compare'];
}

/** What tells one job from another, beside the parts. */
export interface JobIdentity {
  readonly command: Identity['command'];
  readonly mode: Mode;
  /** Which originals; null for a run over given keys, of which no record is kept. */
  readonly filter: Identity['filter'] | null;
}

/** A job as a record names it. */
export function identityOf(
  { originals, variants, specs, layout }: Pick<RunParts, 'originals' | 'variants' | 'specs' | 'layout'>,
  { command, mode, filter }: Pick<Identity, 'command' | 'mode' | 'filter'>,
): Identity {
  return {
    command,
    mode,
    filter,
    originals: originals.location,
    variants: variants.location,
    layout: layout.template,
    specs: Object.fromEntries(specs.map((spec) => [spec.name, fingerprintOf(spec)])),
  };
}

/** Checks the locations, takes the root, and tells that the run has begun. @throws UserError */
export async function begin(parts: RunParts & SessionParts, job: JobIdentity, { dryRun, onEvent }: RunControl): Promise<Session> {
  const { originals, variants, specs } = parts;
  const warnings = await originals.check('read');
  const identity = job.filter === null ? null : identityOf(parts, { ...job, filter: job.filter });
  const retries = job.filter?.[RETRY];
  const session = await beginSession({ ...parts, identity, all: job.mode === 'all', dryRun });
  onEvent({
    type: 'run',
    id: session.runId,
    command: job.command,
    originals: originals.location,
    variants: variants.location,
    engine: parts.engine.name,
    mode: job.mode,
    specs: specs.map((spec) => spec.name),
    resumed: session.resumed,
    dryRun,
    ...(retries === undefined ? {} : { retries: String(retries) }),
  });
  for (const warning of [...(parts.warnings ?? []), ...warnings, ...session.warnings]) onEvent(warning);
  return session;
}
