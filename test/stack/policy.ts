/** A policy's statement, as far as imgvar's template has them; what it does not have, the evaluator refuses. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const FIELDS = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

/** Who asks: a user or role of the account, a service of AWS, or nobody that signed. */
export type Asker = { readonly arn: string } | { readonly service: string } | 'unsigned';

export interface AccessRequest {
  readonly asker: Asker;
  readonly action: string;
  readonly resource: string;
  /** What the request tells of itself beside its asker: `aws:SecureTransport`, `aws:SourceArn`, … */
  readonly context?: Readonly<Record<string, string>>;
}

export interface Policies {
  /** What the asker's own policies say; only users and roles have such. */
  readonly identity?: readonly Statement[];
  /** What the policy of the resource says. */
  readonly resource?: readonly Statement[];
}

/**
 * Whether a request within one account is allowed: a denial anywhere decides; else one of the two must allow it.
 * Source: IAM User Guide, "Policy evaluation logic" (without permissions boundaries, session and organization policies).
 */
export function isAllowed({ identity = [], resource = [] }: Policies, request: AccessRequest): boolean {
  const own = typeof request.asker === 'object' && 'arn' in request.asker ? identity : [];
  const matching = [...own.filter((statement) => applies(statement, request, 'identity')), ...resource.filter((statement) => applies(statement, request, 'resource'))];
  return !matching.some(({ Effect }) => Effect === 'Deny') && matching.some(({ Effect }) => Effect === 'Allow');
}

function applies(statement: Statement, request: AccessRequest, kind: 'identity' | 'resource'): boolean {
  const strange = Object.keys(statement).find((field) => !FIELDS.includes(field));
  if (strange !== undefined) throw new Error(`a statement has "${strange}", which is not understood here`);
  if ((statement.Principal === undefined) !== (kind === 'identity')) throw new Error('only policies of resources have a Principal, and they must');
  return (
    (kind === 'identity' || isPrincipal(statement.Principal, request.asker)) &&
    list(statement.Action).some((pattern) => glob(pattern, request.action, 'i')) &&
    list(statement.Resource).some((pattern) => glob(pattern, request.resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) => holds(operator, keys, request))
  );
}

function isPrincipal(principal: Statement['Principal'], asker: Asker): boolean {
  if (principal === undefined || principal === '*') return true;
  return Object.entries(principal).some(([kind, named]) => {
    if (kind === 'Service') return typeof asker === 'object' && 'service' in asker && list(named).includes(asker.service);
    if (kind !== 'AWS') throw new Error(`a principal of the kind "${kind}" is not understood here`);
    return list(named).includes('*') || (typeof asker === 'object' && 'arn' in asker && list(named).includes(asker.arn));
  });
}

/** All keys must hold; of a key's values one is enough, or with a negated operator none may be it. */
function holds(operator: string, keys: Readonly<Record<string, string | readonly string[]>>, request: AccessRequest): boolean {
  const compare = OPERATORS[operator];
  if (compare === undefined) throw new Error(`the operator "${operator}" is not understood here`);
  const negated = operator.includes('Not');
  return Object.entries(keys).every(([key, values]) => {
    const actual = valueOf(key, request);
    // Nothing is told of the key: what is asked of it does not hold, and its contrary does.
    if (actual === undefined) return negated;
    const found = list(values).some((value) => compare(value, actual));
    return negated ? !found : found;
  });
}

const OPERATORS: Readonly<Record<string, (value: string, actual: string) => boolean>> = {
  Bool: (value, actual) => value.toLowerCase() === actual.toLowerCase(),
  StringEquals: (value, actual) => value === actual,
  StringNotEquals: (value, actual) => value === actual,
  ArnEquals: isArnLike,
  ArnLike: isArnLike,
  ArnNotEquals: isArnLike,
};

function valueOf(key: string, { asker, context = {} }: AccessRequest): string | undefined {
  if (key === 'aws:PrincipalArn') return typeof asker === 'object' && 'arn' in asker ? asker.arn : undefined;
  return context[key];
}

/** Each of the six parts between colons by itself, so that a `*` does not reach into the next. */
function isArnLike(pattern: string, arn: string): boolean {
  const [wanted, found] = [parts(pattern), parts(arn)];
  return wanted.length === found.length && wanted.every((part, index) => glob(part, found[index] ?? ''));
}

function parts(arn: string): string[] {
  const pieces = arn.split(':');
  return [...pieces.slice(0, 5), pieces.slice(5).join(':')];
}

function glob(pattern: string, text: string, flags = ''): boolean {
  const source = pattern.replace(/[\\^$.|+()[\]{}]/g, '\\$&').replaceAll('*', '[^]*').replaceAll('?', '[^]');
  return new RegExp(`^${source}$`, flags).test(text);
}

function list<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
