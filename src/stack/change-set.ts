import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  type Parameter,
  type ResourceChange,
} from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../model/deployment.js';
import { UserError } from '../model/user-error.js';
import { asked } from './aws-error.js';
import type { Aws } from './clients.js';

/** Milliseconds between two looks at what CloudFormation is doing. */
const PAUSE = 1_000;

export interface ChangeSet {
  readonly stack: string;
  /** Its ARN. */
  readonly id: string;
  readonly changes: readonly Change[];
}

/**
 * What CloudFormation would do; null where the stack is as it should be. It is not done yet.
 *
 * @throws UserError `stack-refused` with CloudFormation's own words, as for a parameter that it does not take
 */
export async function createChangeSet(aws: Aws, stack: string, action: 'create' | 'update', template: string, parameters: Parameter[]): Promise<ChangeSet | null> {
  const { cloudFormation } = aws;
  const command = new CreateChangeSetCommand({
    StackName: stack,
    ChangeSetName: `imgvar-${Date.now()}`,
    ChangeSetType: action === 'create' ? 'CREATE' : 'UPDATE',
    TemplateBody: template,
    Parameters: parameters,
    Capabilities: ['CAPABILITY_IAM'],
    Tags: [{ Key: 'imgvar:stack', Value: stack }],
  });
  const sent = cloudFormation.send(command).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ValidationError') return error;
    throw error;
  });
  const created = await asked('cloudformation:CreateChangeSet', sent);
  if (created instanceof Error) return noneOrRefused(stack, created.message);
  const { Id: id = '' } = created;
  const described = await whenDescribed(aws, stack, id);
  if (described.Status !== 'FAILED') return { stack, id, changes: await allChanges(aws, stack, described) };
  await deleteChangeSet(aws, stack, id);
  return noneOrRefused(stack, described.StatusReason ?? 'no reason given');
}

/** That there is nothing to change is an error to CloudFormation. @throws UserError `stack-refused` for any other */
function noneOrRefused(stack: string, reason: string): null {
  if (/didn't contain changes|No updates are to be performed/i.test(reason)) return null;
  throw new UserError('stack-refused', `CloudFormation does not take the stack "${stack}": ${reason.replace(/\.?$/, '.')} Nothing was changed.`);
}

export async function deleteChangeSet({ cloudFormation }: Aws, stack: string, id: string): Promise<void> {
  await asked('cloudformation:DeleteChangeSet', cloudFormation.send(new DeleteChangeSetCommand({ StackName: stack, ChangeSetName: id })));
}

async function whenDescribed(aws: Aws, stack: string, id: string, page?: string): Promise<DescribeChangeSetCommandOutput> {
  const command = new DescribeChangeSetCommand({ StackName: stack, ChangeSetName: id, NextToken: page });
  for (;;) {
    const described = await asked('cloudformation:DescribeChangeSet', aws.cloudFormation.send(command));
    if (described.Status !== 'CREATE_PENDING' && described.Status !== 'CREATE_IN_PROGRESS') return described;
    await sleep(PAUSE);
  }
}

async function allChanges(aws: Aws, stack: string, first: DescribeChangeSetCommandOutput): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (let page = first; ; page = await whenDescribed(aws, stack, first.ChangeSetId ?? '', page.NextToken)) {
    for (const { ResourceChange: change } of page.Changes ?? []) if (change !== undefined) changes.push(changeOf(change));
    if (page.NextToken === undefined) return changes;
  }
}

function changeOf({ Action = 'Modify', LogicalResourceId = '', ResourceType = '', Replacement }: ResourceChange): Change {
  const action = ({ Add: 'add', Remove: 'remove', Import: 'import', Dynamic: 'dynamic' } as const)[String(Action)] ?? 'modify';
  return { type: 'change', action, resource: LogicalResourceId, resourceType: ResourceType, replacement: Replacement === 'True' };
}
