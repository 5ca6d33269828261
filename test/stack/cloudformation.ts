import { createServer, type IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';

/** What CloudFormation tells of a resource. */
export type Told = readonly [resource: string, type: string, status: string, reason?: string];

/** A stack as it is. */
export interface FakeStack {
  status: string;
  parameters: Readonly<Record<string, string>>;
  outputs: Readonly<Record<string, string>>;
  events: Told[];
}

export interface Script {
  /** Before anything is done. */
  readonly stack?: Partial<FakeStack>;
  /** What a change set comes to. Default: CREATE_COMPLETE. */
  readonly changeSet?: { readonly status: string; readonly reason: string };
  readonly changes?: readonly (readonly [action: string, resource: string, type: string, replacement?: string])[];
  /** What executing it tells, one look after the other; the last one ends it. */
  readonly execution?: readonly (readonly Told[])[];
  readonly outputs?: Readonly<Record<string, string>>;
  /** What else happens when it is executed. */
  readonly onExecute?: (parameters: Readonly<Record<string, string>>) => void;
  /** An action that is refused, with the code. */
  readonly refuse?: Readonly<Record<string, string>>;
}

export interface FakeCloudFormation {
  readonly url: string;
  readonly stack: () => FakeStack | undefined;
  /** The actions that came, in their order, with the parameters of change sets. */
  readonly actions: readonly string[];
  readonly given: () => Readonly<Record<string, string>>;
}

/** CloudFormation and STS as far as a deployment asks them; what happens is written beforehand. */
export async function startCloudFormation(script: Script = {}): Promise<FakeCloudFormation> {
  const actions: string[] = [];
  let stack: FakeStack | undefined =
    script.stack === undefined ? undefined : { status: 'CREATE_COMPLETE', parameters: {}, outputs: {}, events: [], ...script.stack };
  let given: Record<string, string> = {};
  let looks: (readonly Told[])[] = [];

  const answers: Readonly<Record<string, (form: URLSearchParams) => string>> = {
    GetCallerIdentity: () => '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/me</Arn>',
    DescribeStacks(form) {
      if (stack === undefined) throw new Refusal('ValidationError', `Stack with id ${form.get('StackName')} does not exist`);
      const pairs = (name: string, all: Readonly<Record<string, string>>) =>
        Object.entries(all).map(([key, value]) => `<member><${name}Key>${key}</${name}Key><${name}Value>${value}</${name}Value></member>`).join('');
      return `<Stacks><member><StackName>s</StackName><CreationTime>2026-11-25T00:00:00Z</CreationTime><StackStatus>${stack.status}</StackStatus>
        <Parameters>${pairs('Parameter', stack.parameters)}</Parameters><Outputs>${pairs('Output', stack.outputs)}</Outputs></member></Stacks>`;
    },
    CreateChangeSet(form) {
      given = parametersOf(form, stack?.parameters ?? {});
      stack ??= { status: 'REVIEW_IN_PROGRESS', parameters: {}, outputs: {}, events: [] };
      return '<Id>arn:aws:cloudformation:change-set</Id><StackId>arn:aws:cloudformation:stack</StackId>';
    },
    DescribeChangeSet() {
      const { status, reason } = script.changeSet ?? { status: 'CREATE_COMPLETE', reason: '' };
      const changes = (script.changes ?? []).map(
        ([action, resource, type, replacement = 'False']) =>
          `<member><Type>Resource</Type><ResourceChange><Action>${action}</Action><LogicalResourceId>${resource}</LogicalResourceId><ResourceType>${type}</ResourceType><Replacement>${replacement}</Replacement></ResourceChange></member>`,
      );
      return `<ChangeSetId>arn:aws:cloudformation:change-set</ChangeSetId><Status>${status}</Status><StatusReason>${reason}</StatusReason><Changes>${changes.join('')}</Changes>`;
    },
    DeleteChangeSet: () => '',
    ExecuteChangeSet() {
      script.onExecute?.(given);
      looks = [...(script.execution ?? [])];
      if (stack !== undefined) stack = { ...stack, status: 'CREATE_IN_PROGRESS', parameters: given, outputs: script.outputs ?? {} };
      return '';
    },
    DescribeStackEvents() {
      const told = looks.shift();
      if (told !== undefined && stack !== undefined) {
        stack.events.push(...told);
        const last = stack.events.findLast(([, type]) => type === 'AWS::CloudFormation::Stack');
        if (last !== undefined) stack.status = last[2];
      }
      const events = (stack?.events ?? []).map(
        ([resource, type, status, reason = ''], index) =>
          `<member><EventId>${index}</EventId><StackId>s</StackId><StackName>s</StackName><Timestamp>2026-11-25T00:00:00Z</Timestamp><LogicalResourceId>${resource}</LogicalResourceId><PhysicalResourceId>${stack?.parameters[`${resource}Bucket`] ?? resource}</PhysicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>${status}</ResourceStatus><ResourceStatusReason>${reason}</ResourceStatusReason></member>`,
      );
      return `<StackEvents>${events.reverse().join('')}</StackEvents>`;
    },
    DeleteStack() {
      stack = undefined;
      return '';
    },
  };

  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await textOf(request));
    const action = form.get('Action') ?? '';
    actions.push(action);
    try {
      const code = script.refuse?.[action];
      if (code !== undefined) throw new Refusal(code, 'refused by the script');
      const answer = answers[action];
      if (answer === undefined) throw new Refusal('InvalidAction', action);
      response.end(`<${action}Response><${action}Result>${answer(form)}</${action}Result></${action}Response>`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(/^Access|Token/.test(error.code) ? 403 : 400);
      response.end(`<ErrorResponse><Error><Type>Sender</Type><Code>${error.code}</Code><Message>${error.message}</Message></Error></ErrorResponse>`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return { url: `http://127.0.0.1:${address.port}`, stack: () => stack, actions, given: () => given };
}

class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

function parametersOf(form: URLSearchParams, previous: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (let i = 1; form.has(`Parameters.member.${i}.ParameterKey`); i++) {
    const name = String(form.get(`Parameters.member.${i}.ParameterKey`));
    found[name] = form.get(`Parameters.member.${i}.ParameterValue`) ?? previous[name] ?? '';
  }
  return found;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return text;
}
