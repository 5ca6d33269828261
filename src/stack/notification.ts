import { isDeepStrictEqual } from 'node:util';
import type { Event, FilterRule, NotificationConfiguration, TopicConfiguration } from '@aws-sdk/client-s3';
import { UserError } from '../model/user-error.js';

/** What is told of an upload. */
export const UPLOAD_EVENT = 's3:ObjectCreated:*';

/** A notification of a bucket's, whatever it goes to. */
interface Told {
  readonly Id?: string | undefined;
  readonly Events?: readonly Event[] | undefined;
  readonly Filter?: { readonly Key?: { readonly FilterRules?: readonly FilterRule[] | undefined } | undefined } | undefined;
}

/**
 * A bucket's notifications with ours among them: all others stay as they are, EventBridge as well. Ours is known by its id,
 * so that merging again changes nothing.
 *
 * @param prefix of the keys that it is about
 * @throws UserError `notification-overlap`, as S3 does not take two about the same upload
 */
export function mergeNotification(existing: NotificationConfiguration, bucket: string, id: string, topic: string, prefix: string): NotificationConfiguration {
  refuseOverlapping(existing, bucket, { id, topic }, prefix);
  const ours: TopicConfiguration = {
    Id: id,
    TopicArn: topic,
    Events: [UPLOAD_EVENT],
    ...(prefix === '' ? {} : { Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: prefix }] } } }),
  };
  return { ...existing, TopicConfigurations: [...(existing.TopicConfigurations ?? []).filter((other) => !isOurs(other, { id, topic })), ours] };
}

/** Whether a bucket tells ours already just as it should. S3 has names of rules in a case of its own. */
export function isMerged({ TopicConfigurations = [] }: NotificationConfiguration, id: string, topic: string, prefix: string): boolean {
  const [told, ...others] = TopicConfigurations.filter((other) => isOurs(other, { id, topic }));
  if (told === undefined || others.length > 0 || told.Id !== id || told.TopicArn !== topic) return false;
  const rules = (told.Filter?.Key?.FilterRules ?? []).map(({ Name, Value }) => `${Name?.toLowerCase()} ${Value}`);
  return isDeepStrictEqual([told.Events, rules], [[UPLOAD_EVENT], prefix === '' ? [] : [`prefix ${prefix}`]]);
}

/** An earlier stack of the same name, which had made the bucket, has told the same topic by another id. */
function isOurs({ Id, TopicArn }: Told & { readonly TopicArn?: string | undefined }, ours: { readonly id: string; readonly topic: string }): boolean {
  return Id === ours.id || TopicArn === ours.topic;
}

/** @throws UserError `notification-overlap` */
export function refuseOverlapping(existing: NotificationConfiguration, bucket: string, ours: { readonly id: string; readonly topic: string }, prefix: string): void {
  const others: readonly (readonly [Told, string])[] = [
    ...(existing.TopicConfigurations ?? []).map((told) => [told, told.TopicArn ?? ''] as const),
    ...(existing.QueueConfigurations ?? []).map((told) => [told, told.QueueArn ?? ''] as const),
    ...(existing.LambdaFunctionConfigurations ?? []).map((told) => [told, told.LambdaFunctionArn ?? ''] as const),
  ];
  for (const [told, target] of others) {
    if (isOurs(told, ours) || !overlaps(told, prefix)) continue;
    throw new UserError(
      'notification-overlap',
      `The bucket "${bucket}" already tells ${target} of uploads under "${prefix}" (notification ${JSON.stringify(told.Id ?? '')}), and S3 tells only one; remove that notification, and subscribe its target to imgvar's topic afterwards.`,
    );
  }
}

/** Whether there can be an upload that both are about. Ours is about any that begins with `prefix`. */
function overlaps({ Events = [], Filter }: Told, prefix: string): boolean {
  const theirs = (Filter?.Key?.FilterRules ?? []).find(({ Name }) => Name?.toLowerCase() === 'prefix')?.Value ?? '';
  const samePrefix = theirs.startsWith(prefix) || prefix.startsWith(theirs);
  // A suffix of theirs narrows what they are told, and ours has none.
  return samePrefix && Events.some((event) => event === UPLOAD_EVENT || event.startsWith('s3:ObjectCreated:'));
}
