import type { Location } from '../model/location.js';
import { UserError } from '../model/user-error.js';

export type Role = 'originals' | 'processed' | 'backup';

/** A bucket of the system, and the part of it that is used. */
export interface Place {
  readonly bucket: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  /** Whether the stack makes it; else it exists, and stays its owner's. */
  readonly create: boolean;
}

export type Places = Readonly<Record<Role, Place>>;

/** Where images are in the buckets, unless somebody chose otherwise: the paths that they are delivered by. */
export const DEFAULT_PREFIXES: Readonly<Record<Role, string>> = {
  originals: 'uploads/images/original/',
  processed: 'uploads/images/',
  backup: '',
};

export const ROLES: readonly Role[] = ['originals', 'processed', 'backup'];

/** What is known of a place before a deployment. */
export interface PlaceChoice {
  /** The config's location; undefined, or a folder, where it names no bucket. */
  readonly configured: Location | undefined;
  /** A bucket that exists and is to be used. */
  readonly existing: Location | undefined;
  /** As the stack has it, where there is one. */
  readonly deployed: Place | undefined;
}

/**
 * What comes first wins: a bucket that was named to exist, the config's, the stack's, one with a name of its own.
 *
 * @throws UserError `usage` where a stack would have to leave its bucket for another one
 */
export function placeOf(role: Role, { configured, existing, deployed }: PlaceChoice, ownName: string): Place {
  const named = existing ?? configured;
  const place: Place =
    named?.kind === 's3'
      ? { bucket: named.bucket, prefix: named.prefix, create: existing === undefined && (deployed?.create ?? true) }
      : (deployed ?? { bucket: ownName, prefix: DEFAULT_PREFIXES[role], create: true });
  if (deployed !== undefined && deployed.bucket !== place.bucket) {
    throw new UserError(
      'usage',
      `The stack has its ${role} in the bucket "${deployed.bucket}", and this config in "${place.bucket}"; deploy that as another stack with --stack-name.`,
    );
  }
  return place;
}

/** Characters that mean themselves in a policy, in a path pattern of CloudFront and in an address. */
const PLAIN = { pattern: /^$|^[A-Za-z0-9_.~@:+/-]+\/$/, words: 'only letters, digits and _ . ~ @ : + - / can' };

/**
 * Those that also mean themselves in the filter of a notification, where S3 wants any other encoded.
 * Source: Amazon S3 User Guide, "Configuring event notifications using object key name filtering".
 */
const TOLD = { pattern: /^$|^[A-Za-z0-9_./-]+\/$/, words: 'only letters, digits and _ . - / can, as S3 would tell of no upload under another' };

/** What the template's AllowedPatterns allow as well. */
const PREFIXES: Readonly<Record<Role, typeof PLAIN>> = { originals: TOLD, processed: PLAIN, backup: PLAIN };

/**
 * What lies under the path of the originals is delivered as one of them, whatever it is.
 *
 * @param heads what the keys of variants begin with, behind the prefix of all variants; empty where that is said by their originals
 * @throws UserError `usage`
 */
export function refuseHidden({ originals, processed }: Places, heads: readonly string[]): void {
  if (!originals.prefix.startsWith(processed.prefix)) return;
  const rest = originals.prefix.slice(processed.prefix.length);
  const hidden = heads.find((head) => head !== '' && (head.startsWith(rest) || rest.startsWith(head)));
  if (hidden === undefined) return;
  throw new UserError(
    'usage',
    `Variants under /${processed.prefix}${hidden} would be looked for among the originals (/${originals.prefix}…) when they are delivered; give the originals another prefix, or that spec another name.`,
  );
}

/** @param delivers whether a distribution delivers them, each by the path that is its key @throws UserError `usage` */
export function checkPlaces(places: Places, delivers: boolean): void {
  const { originals, processed } = places;
  const buckets = ROLES.map((role) => places[role].bucket);
  const twice = buckets.find((bucket, index) => buckets.indexOf(bucket) !== index);
  if (twice !== undefined) {
    throw new UserError('usage', `Originals, variants and backups need a bucket each, and "${twice}" is named twice; change the locations in the config.`);
  }
  for (const role of ROLES) {
    const { pattern, words } = PREFIXES[role];
    if (pattern.test(places[role].prefix)) continue;
    throw new UserError('usage', `The prefix "${places[role].prefix}" of the ${role} cannot be deployed: ${words}.`);
  }
  if (delivers && processed.prefix.startsWith(originals.prefix)) {
    throw new UserError(
      'usage',
      `By its path nobody could tell a variant (/${processed.prefix}…) from an original (/${originals.prefix}…), by which they are delivered; give the originals a longer prefix than the variants, or deploy without delivery: --parameter Delivery=false`,
    );
  }
}
