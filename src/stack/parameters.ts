import type { Parameter } from '@aws-sdk/client-cloudformation';
import { UserError } from '../model/user-error.js';
import type { Place, Places, Role } from './places.js';
import type { StackState } from './stack-state.js';

/** The template's names for what is known of a place. */
const NAMES: Readonly<Record<Role, Readonly<Record<keyof Place, string>>>> = {
  originals: { bucket: 'OriginalsBucket', prefix: 'OriginalsPrefix', create: 'CreateOriginalsBucket' },
  processed: { bucket: 'ProcessedBucket', prefix: 'VariantsPrefix', create: 'CreateProcessedBucket' },
  backup: { bucket: 'BackupBucket', prefix: 'BackupPrefix', create: 'CreateBackupBucket' },
};

/** Where the code of the functions is. */
export interface Code {
  readonly bucket: string;
  readonly key: string;
}

/** Parameters that follow from the config and other options. */
const SETTLED = [...Object.values(NAMES).flatMap((names) => Object.values(names)), 'ArtifactsBucket', 'BundleKey'];

/** A place as a stack has it; undefined where there is no such stack. */
export function deployedPlace(role: Role, state: StackState | undefined): Place | undefined {
  const { bucket: bucketName, prefix, create } = NAMES[role];
  const bucket = state?.parameters.get(bucketName);
  if (bucket === undefined) return undefined;
  return { bucket, prefix: state?.parameters.get(prefix) ?? '', create: state?.parameters.get(create) !== 'false' };
}

/**
 * `NAME=VALUE` as people type it.
 *
 * @param known the template's parameters
 * @throws UserError `usage`
 */
export function parseParameters(typed: readonly string[], known: readonly string[]): ReadonlyMap<string, string> {
  const open = known.filter((name) => !SETTLED.includes(name));
  return new Map(
    typed.map((text) => {
      const at = text.indexOf('=');
      const name = at < 0 ? text : text.slice(0, at);
      if (SETTLED.includes(name)) throw new UserError('usage', `The parameter ${name} follows from the config and from --existing-…; set it there.`);
      if (!open.includes(name)) throw new UserError('usage', `There is no parameter "${name}"; the parameters are: ${open.join(', ')}.`);
      if (at < 0) throw new UserError('usage', `The parameter ${name} has no value; write ${name}=VALUE.`);
      return [name, text.slice(at + 1)];
    }),
  );
}

/** What a parameter will be: as it is given, else as the stack has it; undefined for the template's default. */
export function parameterValue(name: string, given: ReadonlyMap<string, string>, state: StackState | undefined): string | undefined {
  return given.get(name) ?? state?.parameters.get(name);
}

/** All parameters of a deployment; what nobody gives stays as the stack has it. */
export function parametersOf(places: Places, code: Code, given: ReadonlyMap<string, string>, state: StackState | undefined, known: readonly string[]): Parameter[] {
  const values = new Map<string, string>([...given, ['ArtifactsBucket', code.bucket], ['BundleKey', code.key]]);
  for (const role of Object.keys(NAMES) as Role[]) {
    const place = places[role];
    values.set(NAMES[role].bucket, place.bucket).set(NAMES[role].prefix, place.prefix).set(NAMES[role].create, String(place.create));
  }
  return known.flatMap((name): Parameter[] => {
    const value = values.get(name);
    if (value !== undefined) return [{ ParameterKey: name, ParameterValue: value }];
    return state?.parameters.has(name) === true ? [{ ParameterKey: name, UsePreviousValue: true }] : [];
  });
}
