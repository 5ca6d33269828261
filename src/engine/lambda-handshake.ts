import { fingerprintOf } from '../model/fingerprint.js';
import { PROTOCOL, type CheckRequest, type Checked, type Description, type InvocationAnswer, type InvocationRequest } from '../model/invocation.js';
import type { Spec } from '../model/spec.js';
import { UserError } from '../model/user-error.js';
import { REAL_CLOCK, sleep } from './clock.js';
import { parseAnswer, type OtherProtocol } from './lambda-answer.js';
import type { Invocation } from './lambda-invocation.js';
import type { DeployedFunction } from './lambda-client.js';

/** What a run is about to have done. */
export interface Undertaken {
  /** As a person writes them. */
  readonly originals: string;
  readonly variants: string;
  /** Where the originals' bucket is; null for a folder. */
  readonly region: string | null;
  readonly layout: string;
  /** Those that the run writes. */
  readonly specs: readonly Spec[];
}

/** What the function said, and the log of that invocation, as it is billed as well. */
export interface Said<A extends InvocationAnswer> {
  readonly answer: A;
  readonly log: string;
}

/** How often a function is asked, and how long is waited between, in milliseconds. */
const ATTEMPTS = { throttled: 5, lost: 3, unsent: 2 };
const WAIT_MS = 500;

type Asked = Pick<DeployedFunction, 'name' | 'region' | 'invoke'>;

/** Asks what is deployed. @throws UserError for whatever keeps it from being known */
export function describeFunction(asked: Asked): Promise<Said<Description>> {
  return ask(asked, { imgvar: 'describe', protocol: PROTOCOL }, (answer) => answer.imgvar === 'description');
}

/** Asks whether the function itself can read and write where it is to work. @throws UserError where it cannot, or does not say */
export function checkAccess(asked: Asked, places: Pick<CheckRequest, 'originals' | 'variants' | 'access'>): Promise<Said<Checked>> {
  return ask(asked, { imgvar: 'check', protocol: PROTOCOL, ...places }, (answer) => answer.imgvar === 'checked');
}

async function ask<A extends InvocationAnswer>({ name, region, invoke }: Asked, request: InvocationRequest, isMeant: (answer: InvocationAnswer | OtherProtocol) => answer is A): Promise<Said<A>> {
  for (let tried = 1; ; tried++) {
    const invocation = await invoke(JSON.stringify(request));
    if (invocation.kind === 'answered') {
      const answer = parseAnswer(invocation.payload);
      if (answer !== undefined && isMeant(answer)) return { answer, log: invocation.log };
      throw refusedBy(answer, name);
    }
    if (invocation.kind === 'died' || tried >= ATTEMPTS[invocation.kind]) throw mistakeOf(invocation, name, region);
    await sleep(REAL_CLOCK, WAIT_MS * tried);
  }
}

/**
 * Whether the function will do what this run is about to ask.
 *
 * @returns names of specs that it does not know yet: live uploads go without them until it is deployed
 * @throws UserError before anything is sent
 */
export function checkFunction(name: string, description: Description, run: Undertaken): readonly string[] {
  const { originals, variants, layout, specs, region } = description;
  for (const [mine, its] of [[run.originals, originals], [run.variants, variants]] as const) {
    if (mine !== its) {
      throw new UserError('function-elsewhere', `The function "${name}" works from ${originals} to ${variants}, not with ${mine}; name another with --function, or deploy it for these locations with: imgvar deploy`);
    }
  }
  if (region !== null && run.region !== null && region !== run.region) {
    throw new UserError('region-wrong', `The function "${name}" is in ${region} and ${run.originals} in ${run.region}, so every byte would be paid for; deploy it in the originals' region.`);
  }
  const stale = run.specs.filter((spec) => specs[spec.name] !== undefined && specs[spec.name] !== fingerprintOf(spec)).map((spec) => spec.name);
  const what = layout === run.layout ? (stale.length === 0 ? null : stale.join(', ')) : `the layout ${layout}`;
  if (what !== null) {
    throw new UserError('function-outdated', `Live uploads are still made in the old way (${what}) by what "${name}" was deployed from; deploy first, with: imgvar deploy`);
  }
  return run.specs.filter((spec) => specs[spec.name] === undefined).map((spec) => spec.name);
}

/** An answer that is none to what was asked. */
export function refusedBy(answer: InvocationAnswer | OtherProtocol | undefined, name: string): UserError {
  if (answer?.imgvar === 'other-protocol') {
    return new UserError('function-outdated', `The function "${name}" speaks protocol ${answer.protocol} (imgvar ${answer.version}), and this imgvar protocol ${PROTOCOL}; bring both to one version with: imgvar deploy`);
  }
  if (answer?.imgvar !== 'refusal') {
    return new UserError('function-foreign', `The function "${name}" does not answer as one of imgvar does; check its name, or deploy it with: imgvar deploy`);
  }
  const { code, message } = answer;
  if (code === 'protocol-unsupported' || code === 'request-invalid') return new UserError('function-outdated', `The function "${name}" refuses: ${message} Bring both to one version with: imgvar deploy`);
  return new UserError(code === 'location-foreign' ? 'function-elsewhere' : code, `The function "${name}" refuses: ${message}`);
}

function mistakeOf(invocation: Exclude<Invocation, { kind: 'answered' }>, name: string, region: string): UserError {
  switch (invocation.kind) {
    case 'died':
      return new UserError('function-failing', `The function "${name}" fails before it can do anything${invocation.death.detail === '' ? '' : ` (${invocation.death.detail})`}; look at its log.`);
    case 'throttled':
      return new UserError('function-throttled', `The function "${name}" takes no invocation at present (${invocation.reason}); try again later, or give it concurrency.`);
    case 'lost':
    case 'unsent':
      return new UserError('endpoint-unreachable', `Lambda in ${region} cannot be reached (${invocation.detail}); check the network, --region and AWS_ENDPOINT_URL_LAMBDA.`);
  }
}
