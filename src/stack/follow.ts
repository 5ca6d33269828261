import { DeleteStackCommand, DescribeStackEventsCommand, ExecuteChangeSetCommand, type StackEvent } from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ResourceEvent } from '../model/deployment.js';
import { asked } from './aws-error.js';
import type { ChangeSet } from './change-set.js';
import type { Aws } from './clients.js';
import { describeStack, isOver, type StackState } from './stack-state.js';

/** Milliseconds between two looks at what CloudFormation is doing. */
const PAUSE = 2_000;

/** How a change of a stack went. */
export interface Followed {
  /** Undefined for a stack that is gone. */
  readonly state: StackState | undefined;
  /** Everything that was told of resources, in its order. */
  readonly events: readonly ResourceEvent[];
  /** Whether we stopped looking; CloudFormation goes on. */
  readonly interrupted: boolean;
}

/** Does what a change set says, and tells of each resource as it happens. */
export async function executeChangeSet(aws: Aws, { stack, id }: ChangeSet, tell: (event: ResourceEvent) => void, signal: AbortSignal): Promise<Followed> {
  const seen = await eventIds(aws, stack);
  await asked('cloudformation:ExecuteChangeSet', aws.cloudFormation.send(new ExecuteChangeSetCommand({ StackName: stack, ChangeSetName: id })));
  return follow(aws, stack, seen, tell, signal);
}

/** Removes a stack that was never whole, and waits until it is gone. */
export async function removeStack(aws: Aws, stack: string): Promise<void> {
  await asked('cloudformation:DeleteStack', aws.cloudFormation.send(new DeleteStackCommand({ StackName: stack })));
  for (let state = await describeStack(aws, stack); state !== undefined && !isOver(state.status); state = await describeStack(aws, stack)) await sleep(PAUSE);
}

/** The buckets that a stack made and did not take with it when it went back, by their names. */
export async function bucketsLeft(aws: Aws, stack: string): Promise<ReadonlySet<string>> {
  const events = await newStackEvents(aws, stack, new Set());
  const left = events.filter(({ ResourceType, ResourceStatus }) => ResourceType === 'AWS::S3::Bucket' && ResourceStatus === 'DELETE_SKIPPED');
  return new Set(left.map(({ PhysicalResourceId = '' }) => PhysicalResourceId));
}

async function follow(aws: Aws, stack: string, seen: Set<string>, tell: (event: ResourceEvent) => void, signal: AbortSignal): Promise<Followed> {
  const events: ResourceEvent[] = [];
  for (;;) {
    for (const event of await newEvents(aws, stack, seen)) {
      events.push(event);
      tell(event);
    }
    // The state of the stack would not do: it is the one from before until the change set is under way.
    const last = events.findLast(isOfStack);
    const over = last !== undefined && isOver(last.status);
    if (over || signal.aborted) return { state: await describeStack(aws, stack), events, interrupted: !over };
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
  }
}

function isOfStack({ resourceType }: ResourceEvent): boolean {
  return resourceType === 'AWS::CloudFormation::Stack';
}

async function eventIds(aws: Aws, stack: string): Promise<Set<string>> {
  const { StackEvents = [] } = await page(aws, stack);
  return new Set(StackEvents.map(({ EventId = '' }) => EventId));
}

/** Those that nobody saw yet, the oldest first. */
async function newEvents(aws: Aws, stack: string, seen: Set<string>): Promise<readonly ResourceEvent[]> {
  return (await newStackEvents(aws, stack, seen)).map((event) => ({
    type: 'resource',
    resource: event.LogicalResourceId ?? '',
    resourceType: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason ?? '',
  }));
}

/** CloudFormation gives the newest first, in pages. */
async function newStackEvents(aws: Aws, stack: string, seen: Set<string>): Promise<readonly StackEvent[]> {
  const found: StackEvent[] = [];
  for (let token: string | undefined; ; ) {
    const { StackEvents = [], NextToken } = await page(aws, stack, token);
    const fresh = StackEvents.filter(({ EventId = '' }) => !seen.has(EventId));
    found.push(...fresh);
    token = NextToken;
    if (token === undefined || fresh.length < StackEvents.length) break;
  }
  for (const { EventId = '' } of found) seen.add(EventId);
  return found.reverse();
}

function page({ cloudFormation }: Aws, stack: string, token?: string) {
  return asked('cloudformation:DescribeStackEvents', cloudFormation.send(new DescribeStackEventsCommand({ StackName: stack, NextToken: token })));
}

/** The resources that failed by themselves, the first first; the others were given up because of them. */
export function failuresIn(events: readonly ResourceEvent[]): readonly ResourceEvent[] {
  const failed = events.filter((event) => event.status.endsWith('_FAILED') && !isOfStack(event));
  return failed.filter(({ reason }) => !/cancelled|canceled/i.test(reason));
}
