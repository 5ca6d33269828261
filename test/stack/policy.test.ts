import { describe, expect, test } from 'vitest';
import { isAllowed, type AccessRequest, type Statement } from './policy.js';

const role = { arn: 'arn:aws:iam::123456789012:role/one' };
const get = (fields: Partial<AccessRequest> = {}): AccessRequest => ({ asker: role, action: 's3:GetObject', resource: 'arn:aws:s3:::b/a/k.jpg', ...fields });
const allow = (fields: Partial<Statement> = {}): Statement => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*', ...fields });
const deny = (fields: Partial<Statement> = {}): Statement => ({ ...allow({ Principal: '*', ...fields }), Effect: 'Deny' });

describe('the evaluator of policies', () => {
  test.each([
    ['nothing allows nothing', {}, get(), false],
    ['an identity policy allows', { identity: [allow()] }, get(), true],
    ['a resource policy allows, as both are in one account', { resource: [allow({ Principal: '*' })] }, get(), true],
    ['another action is not allowed', { identity: [allow()] }, get({ action: 's3:PutObject' }), false],
    ['another resource is not allowed', { identity: [allow()] }, get({ resource: 'arn:aws:s3:::c/a' }), false],
    ['a bucket is not what is in it', { identity: [allow()] }, get({ resource: 'arn:aws:s3:::b' }), false],
    ['actions are told without regard to case', { identity: [allow({ Action: 'S3:getobject' })] }, get(), true],
    ['resources are told with regard to case', { identity: [allow({ Resource: 'arn:aws:s3:::B/*' })] }, get(), false],
    ['a star in an action', { identity: [allow({ Action: ['s3:List*', 's3:Get*'] })] }, get(), true],
    ['a star is any text, slashes as well, and a dot is a dot', { identity: [allow({ Resource: 'arn:aws:s3:::b/*.jpg' })] }, get({ resource: 'arn:aws:s3:::b/x/yjpg' }), false],
    ['a question mark is one character', { identity: [allow({ Resource: 'arn:aws:s3:::b/a/?.jpg' })] }, get(), true],
    ['a denial decides, wherever it is', { identity: [allow()], resource: [deny()] }, get(), false],
    ['one of an identity as well', { identity: [allow(), { ...allow(), Effect: 'Deny' as const }] }, get(), false],
    ['a service has no identity policies', { identity: [allow()] }, get({ asker: { service: 's3.amazonaws.com' } }), false],
    ['who has not signed has none', { identity: [allow()] }, get({ asker: 'unsigned' }), false],
    ['a service by its name', { resource: [allow({ Principal: { Service: 'sns.amazonaws.com' } })] }, get({ asker: { service: 'sns.amazonaws.com' } }), true],
    ['another service', { resource: [allow({ Principal: { Service: 'sns.amazonaws.com' } })] }, get({ asker: { service: 's3.amazonaws.com' } }), false],
    ['a role is no service', { resource: [allow({ Principal: { Service: 'sns.amazonaws.com' } })] }, get(), false],
    ['a role by its name', { resource: [allow({ Principal: { AWS: role.arn } })] }, get(), true],
    ['everybody is also who has not signed', { resource: [allow({ Principal: '*' })] }, get({ asker: 'unsigned' }), true],
  ])('%s', (_, policies, request, expected) => {
    expect(isAllowed(policies, request)).toBe(expected);
  });

  const when = (condition: NonNullable<Statement['Condition']>, context: Record<string, string> = {}, asker: AccessRequest['asker'] = role): boolean =>
    isAllowed({ resource: [allow({ Principal: '*', Condition: condition })] }, get({ context, asker }));

  test.each([
    ['Bool', 'false', true],
    ['Bool', 'true', false],
    ['Bool', undefined, false],
    ['StringEquals', 'false', true],
    ['StringNotEquals', 'false', false],
    ['StringNotEquals', 'true', true],
    ['StringNotEquals', undefined, true],
  ])('the condition %s with %s', (operator, actual, expected) => {
    expect(when({ [operator]: { key: 'false' } }, actual === undefined ? {} : { key: actual })).toBe(expected);
  });

  test('of several values one is enough, and of negated ones none may be it', () => {
    const both = ['arn:aws:iam::123456789012:role/other', role.arn];
    expect(when({ ArnEquals: { 'aws:PrincipalArn': both } })).toBe(true);
    expect(when({ ArnNotEquals: { 'aws:PrincipalArn': both } })).toBe(false);
    expect(when({ ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/other' } })).toBe(true);
    expect(when({ ArnNotEquals: { 'aws:PrincipalArn': both } }, {}, 'unsigned')).toBe(true);
  });

  test('a star of an ARN stays within its part', () => {
    expect(when({ ArnLike: { key: 'arn:aws:s3:::*' } }, { key: 'arn:aws:s3:::b/a:c' })).toBe(true);
    expect(when({ ArnLike: { key: 'arn:aws:*:b' } }, { key: 'arn:aws:s3:::b' })).toBe(false);
  });

  test('all operators and all keys must hold', () => {
    const condition = { StringEquals: { one: '1', two: '2' }, Bool: { three: 'true' } };
    expect(when(condition, { one: '1', two: '2', three: 'true' })).toBe(true);
    expect(when(condition, { one: '1', two: '2', three: 'false' })).toBe(false);
    expect(when(condition, { one: '1', two: '', three: 'true' })).toBe(false);
  });

  test('what it does not understand it does not pass over', () => {
    expect(() => when({ IpAddress: { key: '1' } }, { key: '1' })).toThrow(/IpAddress/);
    expect(() => isAllowed({ identity: [{ ...allow(), NotAction: 's3:*' } as Statement] }, get())).toThrow(/NotAction/);
    expect(() => isAllowed({ resource: [allow()] }, get())).toThrow(/Principal/);
    expect(() => isAllowed({ resource: [allow({ Principal: { Federated: 'x' } })] }, get())).toThrow(/Federated/);
  });
});
