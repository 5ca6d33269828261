import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { UserError } from '../model/user-error.js';
import { asked } from './aws-error.js';
import type { Aws } from './clients.js';

/** A stack as it is. */
export interface StackState {
  readonly status: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Undefined where there is none, or none but an empty one that was left when a change set was only looked at. */
export async function describeStack({ cloudFormation }: Aws, name: string): Promise<StackState | undefined> {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0] === undefined ? undefined : stateOf(Stacks[0]);
  } catch (error) {
    // CloudFormation has no code of its own for a stack that is not there.
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) return undefined;
    return asked('cloudformation:DescribeStacks', Promise.reject(error));
  }
}

/** Of one that was never whole, nothing is to be kept. */
const NEVER_WHOLE = ['REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE'];

function stateOf({ StackStatus, Parameters = [], Outputs = [] }: Stack): StackState {
  const status: string = StackStatus ?? '';
  return {
    status,
    parameters: new Map((NEVER_WHOLE.includes(status) ? [] : Parameters).map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue])),
    outputs: Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
  };
}

/** What a deployment of a stack in this state is; `remove-first` for one that was never whole. @throws UserError */
export function actionFor(name: string, state: StackState | undefined): 'create' | 'update' | 'remove-first' {
  if (state === undefined || state.status === 'REVIEW_IN_PROGRESS') return 'create';
  const { status } = state;
  if (status.endsWith('_IN_PROGRESS')) throw new UserError('locked', `The stack "${name}" is being changed (${status}); wait until that has ended.`);
  if (status === 'ROLLBACK_COMPLETE') return 'remove-first';
  if (/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/.test(status)) return 'update';
  // One that was whole before is never to be deleted.
  const next = `aws cloudformation ${{ UPDATE_ROLLBACK_FAILED: 'continue-update-rollback', UPDATE_FAILED: 'rollback-stack' }[status] ?? 'delete-stack'}`;
  throw new UserError('stack-broken', `The stack "${name}" cannot be changed (${status}); mend it first: ${next} --stack-name ${name}`);
}

export function isOver(status: string): boolean {
  return !status.endsWith('_IN_PROGRESS');
}
