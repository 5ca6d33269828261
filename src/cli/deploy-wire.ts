import process from 'node:process';
import type { Config } from '../config/load.js';
import { STACK_NAME, STACK_NAME_WORDS } from '../config/schema.js';
import { parseLayout } from '../model/layout.js';
import { locationText, parseLocation, type Location } from '../model/location.js';
import { UserError } from '../model/user-error.js';
import type { DeployParts } from '../run/deploying.js';
import { connect, type Aws } from '../stack/clients.js';
import { deployedPlace, parseParameters } from '../stack/parameters.js';
import { DEFAULT_PREFIXES, placeOf, type Place, type Places, type Role } from '../stack/places.js';
import { describeStack, type StackState } from '../stack/stack-state.js';
import { parameterNames, templateText } from '../stack/template.js';
import { openStore } from '../store/open.js';
import { codeOf } from './bundle.js';
import { s3Settings } from './s3-settings.js';

/** What a deployment is about, as a person says it. */
export interface DeploySettings {
  readonly stackName?: string;
  /** Buckets that exist: a name, or `s3://bucket/prefix/`. */
  readonly existingOriginals?: string;
  readonly existingProcessed?: string;
  readonly existingBackup?: string;
  /** `NAME=VALUE`. */
  readonly parameter?: readonly string[];
  /** The zip of the functions. */
  readonly code?: string;
  readonly adopt?: boolean;
  readonly endpointUrl?: string;
  readonly region?: string;
  readonly profile?: string;
}

const DEFAULT_STACK = 'imgvar';

/** One at a time. */
const IN_FLIGHT = 1;

/** Constructs the parts of a deployment. @throws UserError */
export async function wireDeploy(settings: DeploySettings, config: Config): Promise<DeployParts> {
  const stack = settings.stackName ?? config.stack ?? DEFAULT_STACK;
  if (!STACK_NAME.test(stack)) throw new UserError('usage', `"${stack}" cannot be the name of the stack; it has ${STACK_NAME_WORDS}.`);
  const given = parseParameters(settings.parameter ?? [], parameterNames(templateText()));
  const zip = await codeOf(config, settings.code, process.cwd());
  const s3 = s3Settings(settings, config.s3, process.env, IN_FLIGHT);
  const aws = await connect({ s3Endpoint: s3.endpoint, region: s3.region, profile: s3.profile });
  const state = await describeStack(aws, stack);
  const places = placesOf(settings, config, stack, aws, state);
  const variants = await openStore(locationOf(places.processed), { ...s3, region: aws.region });
  return {
    aws,
    stack,
    state,
    places,
    given,
    zip,
    variants,
    leaseSeconds: config.leaseSeconds,
    writing: {
      variants: variants.location,
      originals: locationText(locationOf(places.originals)),
      layout: parseLayout(config.layout, config.specs.map(({ name }) => name)).template,
      all: config.specs,
      chosen: config.specs,
      deliberate: true,
      adopt: settings.adopt ?? false,
    },
  };
}

function locationOf({ bucket, prefix }: Place): Location {
  return { kind: 's3', bucket, prefix };
}

function placesOf(settings: DeploySettings, config: Config, stack: string, { account, region }: Aws, state: StackState | undefined): Places {
  const placeFor = (role: Role, configured: Location | undefined, typed: string | undefined): Place => {
    const deployed = deployedPlace(role, state);
    const existing = typed === undefined ? undefined : existingLocation(typed, role, configured);
    const place = placeOf(role, { configured, existing, deployed }, `${stack.toLowerCase()}-${role}-${account}-${region}`);
    if (place.bucket.length <= LONGEST_BUCKET) return place;
    throw new UserError('usage', `The bucket of the ${role} would be called "${place.bucket}", which is longer than ${LONGEST_BUCKET} characters; choose a shorter --stack-name, or name the bucket in the config.`);
  };
  return {
    originals: placeFor('originals', config.originals, settings.existingOriginals),
    processed: placeFor('processed', config.variants, settings.existingProcessed),
    backup: placeFor('backup', config.backup, settings.existingBackup),
  };
}

/** Of a bucket's name. Source: Amazon S3 User Guide, "General purpose bucket naming rules". */
const LONGEST_BUCKET = 63;

/** A bucket by its name alone is used by the prefix that the config has for it, else by the usual one. @throws UserError `usage` */
function existingLocation(typed: string, role: Role, configured: Location | undefined): Location {
  if (typed.includes('/')) {
    const location = parseLocation(typed, process.cwd());
    if (location.kind === 's3') return location;
    throw new UserError('usage', `--existing-${role} "${typed}" names no bucket; write it as s3://${typed.replace(/^\/+/, '')}.`);
  }
  if (configured?.kind === 's3' && configured.bucket === typed) return configured;
  return { kind: 's3', bucket: typed, prefix: DEFAULT_PREFIXES[role] };
}
