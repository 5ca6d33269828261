import { parse, type ScalarTag, type CollectionTag } from 'yaml';
import { templateText } from '../../src/stack/template.js';
import type { Statement } from './policy.js';

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** The template as CloudFormation would understand it. */
export interface Resolved {
  /** Those whose conditions hold. */
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
export const STACK = 'imgvar';

/** What a template must be given, with the scenario's names. */
export const BUCKETS = {
  ArtifactsBucket: 'artifacts',
  BundleKey: 'imgvar/lambda.zip',
  OriginalsBucket: 'levels-originals',
  ProcessedBucket: 'levels-processed',
  BackupBucket: 'levels-backup',
};

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Region': REGION,
  'AWS::StackName': STACK,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

const NOTHING = Symbol('AWS::NoValue');

interface Raw {
  readonly Parameters: Readonly<Record<string, { readonly Default?: unknown; readonly AllowedPattern?: string }>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource & { readonly Condition?: string }>>;
  readonly Outputs: Readonly<Record<string, { readonly Condition?: string; readonly Value: unknown }>>;
}

/** `!Ref x` as `{ "!Ref": "x" }`. */
const TAGS = ['Ref', 'Sub', 'GetAtt', 'If', 'Equals', 'Not', 'And', 'Or'].flatMap((name): (ScalarTag | CollectionTag)[] => {
  const tag = `!${name}`;
  return [
    { tag, resolve: (text: string) => ({ [tag]: text }) },
    { tag, collection: 'seq', resolve: (node) => ({ [tag]: (node as { toJSON(): unknown }).toJSON() }) },
  ];
});

const raw = parse(templateText(), { customTags: TAGS }) as Raw;

export function rawTemplate(): Raw {
  return raw;
}

/** @param parameters beside those of BUCKETS */
export function resolved(parameters: Readonly<Record<string, unknown>> = {}): Resolved {
  const values: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(Object.entries(raw.Parameters).map(([name, { Default }]) => [name, Default])),
    ...BUCKETS,
    ...parameters,
  };

  const holds = (name: string): boolean => Boolean(value(raw.Conditions[name]));

  const reference = (name: string): unknown => {
    if (name === 'AWS::NoValue') return NOTHING;
    if (name in PSEUDO) return PSEUDO[name];
    if (name in values) return values[name];
    return physicalId(name, raw.Resources[name]);
  };

  const functions: Readonly<Record<string, (given: never) => unknown>> = {
    '!Ref': reference,
    '!Sub': (text: string) => text.replace(/\$\{([\w:]+)\}/g, (_, name: string) => String(reference(name))),
    '!GetAtt': (text: string) => attribute(text, raw.Resources[text.split('.')[0] ?? '']),
    '!If': ([condition, yes, no]: [string, unknown, unknown]) => value(holds(condition) ? yes : no),
    '!Equals': ([one, other]: unknown[]) => String(value(one)) === String(value(other)),
    '!Not': ([one]: unknown[]) => !value(one),
    '!And': (all: unknown[]) => all.every((one) => value(one)),
    '!Or': (all: unknown[]) => all.some((one) => value(one)),
  };

  const value = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(value).filter((one) => one !== NOTHING);
    if (typeof node !== 'object' || node === null) return node;
    const [[name = '', given] = []] = Object.entries(node);
    const apply = functions[name];
    if (apply !== undefined) return apply(given as never);
    return Object.fromEntries(Object.entries(node).map(([key, one]) => [key, value(one)]).filter(([, one]) => one !== NOTHING));
  };

  const present = <T extends { readonly Condition?: string }>(entries: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(entries).filter(([, { Condition }]) => Condition === undefined || holds(Condition)));

  return {
    resources: value(present(raw.Resources)) as Resolved['resources'],
    outputs: Object.fromEntries(Object.entries(present(raw.Outputs)).map(([name, output]) => [name, value(output.Value)])),
  };
}

function physicalId(name: string, resource: Resource | undefined): string {
  if (resource === undefined) throw new Error(`the template has no "${name}"`);
  return resource.Type === 'AWS::SNS::Topic' ? `arn:aws:sns:${REGION}:${ACCOUNT}:${STACK}-${name}` : name;
}

function attribute(text: string, resource: Resource | undefined): string {
  const [name = '', attribute = ''] = text.split('.');
  if (resource === undefined) throw new Error(`the template has no "${name}"`);
  if (attribute !== 'Arn') return text;
  if (resource.Type === 'AWS::IAM::Role') return `arn:aws:iam::${ACCOUNT}:role/${STACK}-${name}`;
  const [, service = ''] = resource.Type.toLowerCase().split('::');
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${name}`;
}

/** The statements of a policy of the template: of a bucket, a topic, a queue, or a role. */
export function statementsOf({ resources }: Resolved, name: string): readonly Statement[] {
  const properties = resources[name]?.Properties as {
    readonly PolicyDocument?: { readonly Statement: readonly Statement[] };
    readonly Policies?: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  };
  return properties.PolicyDocument?.Statement ?? (properties.Policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}
