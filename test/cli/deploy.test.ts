import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesOf } from '../../src/lambda/zip.js';
import { templateText } from '../../src/stack/template.js';
import type { Told } from '../stack/cloudformation.js';
import { imgvar } from './imgvar.js';
import { NAMES, STACK, ARTIFACTS, created, outputs, deployed, cloud, codeIn } from './deploying.js';

describe('imgvar deploy', () => {
  test('makes a stack, and remembers with the variants and in the config what it made', async () => {
    const { deploy, s3, cloudFormation, config } = await cloud({ execution: [created.slice(0, 2), created.slice(2)] });
    const ended = await deploy('--yes', '--json', '--parameter', 'BackupRetentionDays=90');
    expect(ended.code, ended.stderr).toBe(0);
    const lines = ended.json();
    expect(lines[0]).toEqual({ type: 'deploy', stack: 'imgvar', region: 'us-east-1', account: '123456789012', action: 'create', dryRun: false });
    expect(lines.filter(({ type }) => type === 'resource').map(({ resource, status }) => [resource, status])).toEqual(created.map(([resource, , status]) => [resource, status]));
    expect(lines.at(-1)).toMatchObject({ type: 'deployed', outcome: 'created', outputs, failures: [] });

    const key = String(cloudFormation.given()['BundleKey']);
    expect(cloudFormation.given()).toMatchObject({ OriginalsBucket: 'o', OriginalsPrefix: 'uploads/images/original/', BackupRetentionDays: '90', ArtifactsBucket: ARTIFACTS });
    const uploaded = filesOf(s3.buckets.get(ARTIFACTS)?.get(key)?.bytes ?? Buffer.alloc(0));
    expect(Object.keys(uploaded).sort()).toEqual(['backup.mjs', 'imgvar.config.json', 'resize.mjs']);
    expect(s3.settings.get(`${ARTIFACTS}?policy`)).toContain('aws:SecureTransport');
    expect(s3.settings.get(`${ARTIFACTS}?publicAccessBlock`)).toContain('<BlockPublicPolicy>true');
    expect(s3.settings.get(`${ARTIFACTS}?encryption`)).toContain('AES256');

    const processed = s3.buckets.get('p');
    expect(processed?.has('imgvar/not-found.txt')).toBe(true);
    const ledger = JSON.parse(String(processed?.get('uploads/images/.imgvar/specs.json')?.bytes)) as { originals: string; specs: object };
    expect(ledger).toMatchObject({ originals: NAMES.originals, specs: { small: [{ since: 0 }] } });
    expect(await config()).toMatchObject({ lambda: { function: 'imgvar-reprocess' }, stack: 'imgvar' });
  });

  test('tells a person each resource as it comes, and what to do next; nobody is asked where nobody is', async () => {
    const { deploy, config } = await cloud();
    const { stdout, stderr, code } = await deploy();
    expect(code).toBe(0);
    expect(stderr).toMatch(/created +Originals +S3::Bucket/);
    expect(stdout).toContain('https://d1.cloudfront.net/uploads/images/original/');
    expect(await config()).not.toHaveProperty('stack');
  });

  test('what to do next has what was typed: the config, and how AWS is reached', async () => {
    const { deploy, cwd } = await cloud({ outputs: { ...outputs, OriginalsLocation: 's3://o/~photos/' } });
    await writeFile(path.join(cwd, 'our config.json'), JSON.stringify({ ...NAMES, specs: { small: { width: 20 } } }));
    const typed = ['-c', 'our config.json', '--region', 'us-east-1'];
    const asked = await deploy(...typed);
    expect(asked.code, asked.stderr).toBe(0);
    expect(asked.stderr).toContain('the same command with --yes writes this into it');
    expect(asked.stdout).toContain("\n  aws s3 cp photo.jpg 's3://o/~photos/' --region us-east-1\n");
    expect(asked.stdout).toContain(`\n  imgvar reprocess --dry-run 's3://o/~photos/' ${NAMES.variants} --config 'our config.json' --region us-east-1\n`);
  });

  test('names its buckets where the config has none', async () => {
    const { deploy, cloudFormation } = await cloud({}, [], {});
    expect((await deploy('--stack-name', 'Shop')).code).toBe(0);
    expect(cloudFormation.given()).toMatchObject({ OriginalsBucket: 'shop-originals-123456789012-us-east-1', BackupBucket: 'shop-backup-123456789012-us-east-1' });
  });

  test('--dry-run shows what would change, and leaves nothing behind', async () => {
    const changes = [['Add', 'Originals', 'AWS::S3::Bucket'], ['Modify', 'Resize', 'AWS::Lambda::Function', 'True']] as const;
    const { deploy, s3, cloudFormation } = await cloud({ changes });
    const ended = await deploy('--dry-run', '--json');
    expect(ended.json().filter(({ type }) => type === 'change')).toEqual([
      { type: 'change', action: 'add', resource: 'Originals', resourceType: 'AWS::S3::Bucket', replacement: false },
      { type: 'change', action: 'modify', resource: 'Resize', resourceType: 'AWS::Lambda::Function', replacement: true },
    ]);
    expect(ended.json().at(-1)).toMatchObject({ outcome: 'dry-run' });
    expect(cloudFormation.actions).not.toContain('ExecuteChangeSet');
    expect(cloudFormation.actions).toContain('DeleteChangeSet');
    expect(cloudFormation.stack()).toBeUndefined();
    expect(s3.counts.put).toBe(0);
  });

  test('--dry-run leaves an empty stack that was there before, with what somebody else may have proposed for it', async () => {
    const { deploy, cloudFormation } = await cloud({ stack: { status: 'REVIEW_IN_PROGRESS' } });
    expect((await deploy('--dry-run', '--json')).json().at(-1)).toMatchObject({ outcome: 'dry-run' });
    expect(cloudFormation.stack()).toMatchObject({ status: 'REVIEW_IN_PROGRESS' });
    expect(cloudFormation.actions).not.toContain('DeleteStack');
  });

  test('has nothing to do where the stack is as the config says', async () => {
    const changeSet = { status: 'FAILED', reason: "The submitted information didn't contain changes." };
    const { deploy, cloudFormation } = await cloud({ stack: deployed, changeSet }, ['o', 'p', 'b']);
    const ended = await deploy('--json');
    expect(ended.json().at(-1)).toMatchObject({ outcome: 'none', outputs });
    expect(ended.code).toBe(0);
    expect(cloudFormation.actions).not.toContain('ExecuteChangeSet');
  });

  test('begins an era for a changed spec when the old code has ended', async () => {
    const updated: Told[] = [['imgvar', STACK, 'UPDATE_IN_PROGRESS'], ['Resize', 'AWS::Lambda::Function', 'UPDATE_COMPLETE'], ['imgvar', STACK, 'UPDATE_COMPLETE']];
    const { deploy, s3, cwd } = await cloud({ stack: deployed, execution: [updated] }, ['o', 'p', 'b']);
    expect((await deploy('--json')).json().at(-1)).toMatchObject({ outcome: 'updated' });
    await writeFile(path.join(cwd, 'imgvar.config.json'), JSON.stringify({ ...NAMES, specs: { small: { width: 21 } } }));
    const before = Date.now();
    const ended = await deploy('--json');
    expect(ended.json().filter(({ type }) => type === 'step').map(({ code }) => code)).toEqual(['code-uploaded', 'waiting-for-old-code', 'eras-appended']);
    const { specs } = JSON.parse(String(s3.buckets.get('p')?.get('uploads/images/.imgvar/specs.json')?.bytes)) as { specs: { small: { since: number }[] } };
    expect(specs.small).toHaveLength(2);
    expect(specs.small[1]?.since).toBeGreaterThan(before + 1000);
  });
});

describe('a deployment that is interrupted', () => {
  test('ends, lets CloudFormation go on, and gives the variants back', async () => {
    const { start: begin, s3 } = await cloud({ stack: deployed, execution: [[['imgvar', STACK, 'UPDATE_IN_PROGRESS']]] }, ['o', 'p', 'b']);
    const { child, ended } = begin('--json');
    child.stdout?.on('data', (text: string) => {
      if (text.includes('UPDATE_IN_PROGRESS')) child.kill('SIGINT');
    });
    const { code, json } = await ended;
    expect([code, json().at(-1)?.['outcome']]).toEqual([130, 'interrupted']);
    const lease = [...(s3.buckets.get('p') ?? [])].find(([key]) => key.includes('/lock/'));
    expect(JSON.parse(String(lease?.[1].bytes))).toMatchObject({ run: 'deploy-imgvar', released: true });
    expect(s3.buckets.get('p')?.has('uploads/images/.imgvar/specs.json')).toBe(false);
  });

  test('before CloudFormation has begun, changes nothing', async () => {
    const { start: begin, cloudFormation } = await cloud({}, []);
    const { child, ended } = begin('--json');
    child.stdout?.on('data', (text: string) => {
      if (text.includes('"type":"deploy"')) child.kill('SIGINT');
    });
    const { code, json } = await ended;
    expect([code, json().at(-1)?.['outcome']]).toEqual([130, 'cancelled']);
    expect(cloudFormation.actions).not.toContain('ExecuteChangeSet');
    expect(cloudFormation.stack()).toBeUndefined();
  });
});

describe('variants of which nobody knows how they were made', () => {
  test('are told of, as they are taken to be of the present specs', async () => {
    const { deploy, s3 } = await cloud({ stack: deployed, execution: [[['imgvar', STACK, 'UPDATE_COMPLETE']]] }, ['o', 'p', 'b']);
    s3.put('p', 'uploads/images/small/a.jpg', Buffer.from('x'));
    const told = async (...args: string[]) => (await deploy('--json', ...args)).json().filter(({ type }) => type === 'warning').map(({ code }) => code);
    expect(await told()).toEqual(['adopted']);
    expect(await told()).toEqual([]);
  });
});

describe('variants that do not fit', () => {
  test('are refused before anything is changed, and taken with --adopt', async () => {
    const { deploy, s3, cloudFormation } = await cloud({ stack: deployed, execution: [[['imgvar', STACK, 'UPDATE_COMPLETE']]] }, ['o', 'p', 'b']);
    const ledger = { format: 1, originals: 's3://elsewhere/', layout: '{variant}/{path}', clock: { id: 'x', time: 0 }, specs: {} };
    s3.put('p', 'uploads/images/.imgvar/specs.json', Buffer.from(JSON.stringify(ledger)));
    const ended = await deploy('--json');
    expect([ended.code, codeIn(ended)]).toEqual([2, 'ledger-mismatch']);
    expect(cloudFormation.actions).not.toContain('CreateChangeSet');
    expect((await deploy('--json', '--adopt')).code).toBe(0);
    expect(String(s3.buckets.get('p')?.get('uploads/images/.imgvar/specs.json')?.bytes)).toContain(NAMES.originals);
  });

  test('and such as another run writes now', async () => {
    const { deploy, s3, cloudFormation } = await cloud({ stack: deployed }, ['o', 'p', 'b']);
    const lease = { format: 1, run: 'r', machine: 'm', user: 'u', host: 'another', pid: 1, released: false };
    s3.put('p', 'uploads/images/.imgvar/lock/000000000001', Buffer.from(JSON.stringify(lease)));
    const ended = await deploy('--json');
    expect([ended.code, codeIn(ended)]).toEqual([5, 'locked']);
    expect(cloudFormation.actions).not.toContain('CreateChangeSet');
  });
});

describe('buckets of one\'s own', () => {
  const existing = ['--existing-originals', 'o', '--existing-processed', 's3://p/uploads/images/', '--existing-backup', 'b'];
  const notification = (prefix: string) => `<NotificationConfiguration><QueueConfiguration><Id>theirs</Id><Queue>arn:aws:sqs:us-east-1:123456789012:q</Queue><Event>s3:ObjectCreated:*</Event>
    <Filter><S3Key><FilterRule><Name>prefix</Name><Value>${prefix}</Value></FilterRule></S3Key></Filter></QueueConfiguration></NotificationConfiguration>`;

  test('keep what they tell, tell the stack as well, and are told what their policies need', async () => {
    const { deploy, s3, cloudFormation } = await cloud({}, ['o', 'p', 'b']);
    s3.settings.set('o?notification', notification('elsewhere/'));
    const ended = await deploy(...existing, '--json');
    expect(ended.code, ended.stderr).toBe(0);
    expect(cloudFormation.given()).toMatchObject({ CreateOriginalsBucket: 'false', CreateProcessedBucket: 'false', CreateBackupBucket: 'false' });
    const written = String(s3.settings.get('o?notification'));
    expect(written).toContain('arn:aws:sqs:us-east-1:123456789012:q');
    expect(written).toContain(`<Topic>${outputs.UploadsTopicArn}</Topic>`);
    expect(written).toContain('<Value>uploads/images/original/</Value>');
    expect(s3.buckets.get('p')?.get('imgvar/not-found.txt')).toMatchObject({ headers: { 'cache-control': 'max-age=5' } });
    const statements = ended.json().filter(({ type }) => type === 'statements');
    expect(statements.map(({ bucket }) => bucket)).toEqual(['o', 'p', 'b']);
    expect(JSON.stringify(statements)).toContain('distribution/E1');

    for (const { bucket, statements: said } of statements) s3.settings.set(`${String(bucket)}?policy`, JSON.stringify({ Version: '2012-10-17', Statement: said }));
    const again = await deploy(...existing, '--json');
    expect(again.json().filter(({ type }) => type === 'statements')).toEqual([]);
    expect(again.json().map(({ code }) => code)).not.toContain('notification-written');
    expect(s3.settings.get('o?notification')?.match(/imgvar-uploads/g)).toHaveLength(1);
  });

  test('that tell another of the same uploads are refused before anything is done', async () => {
    const { deploy, s3, cloudFormation } = await cloud({}, ['o', 'p', 'b']);
    s3.settings.set('o?notification', notification('uploads/'));
    const ended = await deploy(...existing, '--json');
    expect([ended.code, codeIn(ended)]).toEqual([2, 'notification-overlap']);
    expect(cloudFormation.actions).not.toContain('CreateChangeSet');
    expect(s3.counts.put).toBe(0);
  });

  test('must be there', async () => {
    const { deploy } = await cloud({}, ['p', 'b']);
    const ended = await deploy(...existing, '--json');
    expect([ended.code, codeIn(ended)]).toEqual([2, 'bucket-missing']);
  });
});

describe('imgvar stack', () => {
  test('prints the template', async () => {
    const { stdout, code } = await imgvar(['stack']);
    expect([code, stdout]).toEqual([0, templateText()]);
  });

  test('takes nothing that it would not use', async () => {
    expect((await imgvar(['stack', '--code', 'code.zip'])).code).toBe(2);
  });

  test('--bundle FILE writes the zip, the same each time', async () => {
    const { cwd } = await cloud();
    for (const file of ['one.zip', 'two.zip']) expect((await imgvar(['stack', '--code', 'code.zip', '--bundle', file], cwd)).code).toBe(0);
    const [one, two] = await Promise.all(['one.zip', 'two.zip'].map((file) => readFile(path.join(cwd, file))));
    expect(one).toEqual(two);
    expect(JSON.parse(Buffer.from(filesOf(one ?? Buffer.alloc(0))['imgvar.config.json'] ?? []).toString())).toHaveProperty('specs.small');
  });
});
