import { describe, expect, test } from 'vitest';
import type { Script, Told } from '../stack/cloudformation.js';
import { imgvar, workspace } from './imgvar.js';
import { CODE, NAMES, STACK, ARTIFACTS, deployed, cloud, codeIn } from './deploying.js';

describe('a deployment that fails', () => {
  const failed: Told[] = [
    ['imgvar', STACK, 'CREATE_IN_PROGRESS'],
    ['Originals', 'AWS::S3::Bucket', 'CREATE_COMPLETE'],
    ['Reprocess', 'AWS::Lambda::Function', 'CREATE_FAILED', 'UnreservedConcurrentExecution below 100'],
    ['Resize', 'AWS::Lambda::Function', 'CREATE_FAILED', 'Resource creation cancelled'],
    ['imgvar', STACK, 'ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to create: [Reprocess].'],
    ['Originals', 'AWS::S3::Bucket', 'DELETE_SKIPPED'],
    ['imgvar', STACK, 'ROLLBACK_COMPLETE'],
  ];

  test('says what failed and why, and leaves no empty bucket in the way', async () => {
    const { deploy, s3, config } = await cloud({ execution: [failed] });
    const ended = await deploy('--yes', '--json');
    expect(ended.code).toBe(3);
    expect(ended.json().at(-1)).toMatchObject({
      outcome: 'failed',
      failures: [{ resource: 'Reprocess', resourceType: 'AWS::Lambda::Function', reason: 'UnreservedConcurrentExecution below 100' }],
    });
    expect([...s3.buckets.keys()].sort()).toEqual(['b', ARTIFACTS, 'p']);
    expect(await config()).not.toHaveProperty('stack');
  });

  test('is told to a person', async () => {
    const { deploy } = await cloud({ execution: [failed] });
    const { stdout, code } = await deploy();
    expect(code).toBe(3);
    expect(stdout).toMatch(/Reprocess \(AWS::Lambda::Function\):\n +UnreservedConcurrentExecution below 100/);
    expect(stdout).not.toContain('cancelled');
  });

  test('is removed before the next one', async () => {
    const { deploy, cloudFormation } = await cloud({ stack: { ...deployed, status: 'ROLLBACK_COMPLETE' } });
    const ended = await deploy('--json');
    expect(ended.json().at(-1)).toMatchObject({ outcome: 'created' });
    expect(cloudFormation.actions.indexOf('DeleteStack')).toBeLessThan(cloudFormation.actions.indexOf('CreateChangeSet'));
  });

  describe('while nobody looked', () => {
    const left: Told[] = ['Originals', 'Processed', 'Backup'].map((resource) => [resource, 'AWS::S3::Bucket', 'DELETE_SKIPPED']);
    const stack = { ...deployed, status: 'ROLLBACK_COMPLETE', events: left };

    test('leaves empty buckets, which are made again by the next one', async () => {
      const { deploy, s3 } = await cloud({ stack }, ['o', 'p', 'b']);
      const ended = await deploy('--json');
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.json().filter(({ code }) => code === 'empty-bucket-removed').map(({ detail }) => detail)).toEqual(['o', 'p', 'b']);
      expect(ended.json().at(-1)).toMatchObject({ outcome: 'created' });
      expect([...s3.buckets.keys()].sort()).toEqual(['b', ARTIFACTS, 'o', 'p']);
    });

    test('a bucket that has got something since stays, and is told before the stack is removed', async () => {
      const { deploy, s3, cloudFormation } = await cloud({ stack }, ['o', 'p', 'b']);
      s3.put('o', 'uploads/images/original/a.jpg', Buffer.from('a'));
      const ended = await deploy('--json');
      expect([ended.code, codeIn(ended)]).toEqual([2, 'bucket-taken']);
      expect(s3.buckets.get('o')?.size).toBe(1);
      expect(cloudFormation.actions).not.toContain('DeleteStack');
    });

    test('an empty bucket that it did not make stays', async () => {
      const { deploy, s3 } = await cloud({ stack: { ...stack, parameters: { ...deployed.parameters, BackupBucket: 'another' } } }, ['b']);
      const ended = await deploy('--json');
      expect([ended.code, codeIn(ended)]).toEqual([2, 'bucket-taken']);
      expect(s3.buckets.has('b')).toBe(true);
    });

    test('--dry-run removes nothing', async () => {
      const { deploy, s3 } = await cloud({ stack }, ['o', 'p', 'b']);
      const ended = await deploy('--json', '--dry-run');
      expect([ended.code, codeIn(ended)]).toEqual([2, 'stack-broken']);
      expect([...s3.buckets.keys()].sort()).toEqual(['b', 'o', 'p']);
    });
  });

  test('after the new code was there for a while, says which variants to make again', async () => {
    const back: Told[] = [
      ['imgvar', STACK, 'UPDATE_IN_PROGRESS'],
      ['Resize', 'AWS::Lambda::Function', 'UPDATE_COMPLETE'],
      ['Distribution', 'AWS::CloudFront::Distribution', 'UPDATE_FAILED', 'no such certificate'],
      ['imgvar', STACK, 'UPDATE_ROLLBACK_COMPLETE'],
    ];
    const { deploy, s3 } = await cloud({ stack: deployed, execution: [back] }, ['o', 'p', 'b']);
    s3.put('p', 'uploads/images/.imgvar/specs.json', Buffer.from(JSON.stringify({ format: 1, originals: NAMES.originals, layout: '{variant}/{path}', clock: { id: 'x', time: 0 }, specs: { small: [{ fingerprint: 'another', since: 0 }] } })));
    s3.put('p', 'uploads/images/.imgvar/clock', Buffer.from('y'));
    const ended = await deploy('--json');
    expect(ended.code).toBe(3);
    const warning = ended.json().find(({ type }) => type === 'warning');
    expect(warning).toMatchObject({ code: 'variants-of-a-failed-update' });
    expect(warning?.['message']).toMatch(/--mode all --since 20\d\d-/);
  });
});

describe('a user\'s mistakes', () => {
  const refused = async (script: Script, buckets: readonly string[], ...args: string[]) => {
    const { deploy, cloudFormation } = await cloud(script, buckets);
    const ended = await deploy('--json', ...args);
    expect(cloudFormation.actions).not.toContain('ExecuteChangeSet');
    return [ended.code, codeIn(ended)];
  };

  test('a bucket\'s name is taken', async () => expect(await refused({}, ['p'])).toEqual([2, 'bucket-taken']));
  test('no zip', async () => expect(await refused({}, [], '--code', 'none.zip')).toEqual([2, 'bundle-missing']));
  test('not a zip', async () => expect(await refused({}, [], '--code', 'imgvar.config.json')).toEqual([2, 'bundle-missing']));
  test('no such parameter', async () => expect(await refused({}, [], '--parameter', 'Nonsense=1')).toEqual([2, 'usage']));
  test('a name that no stack can have', async () => expect(await refused({}, [], '--stack-name', 'a_b')).toEqual([2, 'usage']));
  test('a stack whose own buckets would have longer names than S3 takes', async () => {
    const { deploy, cloudFormation } = await cloud({}, [], {});
    const ended = await deploy('--json', '--stack-name', 'a'.repeat(32));
    expect([ended.code, codeIn(ended)]).toEqual([2, 'usage']);
    expect(cloudFormation.actions).toEqual(['GetCallerIdentity', 'DescribeStacks']);
  });
  test.each(['originals', 'processed', 'backup'])('a bucket with a prefix that is not written as one: --existing-%s', async (role) => {
    expect(await refused({}, [], `--existing-${role}`, 'o/in/')).toEqual([2, 'usage']);
  });
  test('a prefix of originals under which S3 would tell of no upload', async () => {
    expect(await refused({}, [], '--existing-originals', 's3://o/a+b/')).toEqual([2, 'usage']);
  });
  test('a parameter that CloudFormation does not take', async () => {
    expect(await refused({ refuse: { CreateChangeSet: 'ValidationError' } }, [])).toEqual([2, 'stack-refused']);
  });
  test('a change set that cannot be', async () => expect(await refused({ changeSet: { status: 'FAILED', reason: 'no such thing' } }, [])).toEqual([2, 'stack-refused']));
  test('wrong credentials', async () => expect(await refused({ refuse: { GetCallerIdentity: 'InvalidClientTokenId' } }, [])).toEqual([2, 'credentials-wrong']));
  test('no permission', async () => expect(await refused({ refuse: { CreateChangeSet: 'AccessDenied' } }, [])).toEqual([2, 'access-denied']));
  test('a stack that is being changed', async () => expect(await refused({ stack: { ...deployed, status: 'UPDATE_IN_PROGRESS' } }, [])).toEqual([5, 'locked']));
  test('a stack with other buckets', async () => {
    expect(await refused({ stack: { ...deployed, parameters: { ...deployed.parameters, OriginalsBucket: 'x' } } }, ['x'])).toEqual([2, 'usage']);
  });

  test('no config, no credentials, no region', async () => {
    const { deploy, cwd } = await cloud();
    const none = await workspace({ 'code.zip': CODE });
    expect((await imgvar(['deploy', '--code', 'code.zip'], none)).code).toBe(2);
    const without = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    const ended = await imgvar(['deploy', '--code', 'code.zip', '--json'], cwd, without);
    expect([ended.code, codeIn(ended)]).toEqual([2, 'credentials-missing']);
    expect(codeIn(await imgvar(['deploy', '--code', 'code.zip', '--json'], cwd, { AWS_REGION: '' }))).toBe('usage');
    expect((await deploy('--dry-run', '--nonsense')).code).toBe(2);
  });
});
