import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { locationText } from '../../src/model/location.js';
import { NOT_FOUND_KEY } from '../../src/stack/buckets.js';
import { DEFAULT_PREFIXES, ROLES, type Places } from '../../src/stack/places.js';
import { statementsFor } from '../../src/stack/statements.js';
import { LARGEST_TEMPLATE, parameterNames, templateText } from '../../src/stack/template.js';
import { ACCOUNT, BUCKETS, rawTemplate, resolved, STACK, statementsOf } from './resolve.js';

const { resources, outputs } = resolved();

function ofType(type: string): [string, (typeof resources)[string]][] {
  return Object.entries(resources).filter(([, { Type }]) => Type === type);
}

describe('the template', () => {
  test('can be given to CloudFormation as a text', () => {
    expect(Buffer.byteLength(templateText())).toBeLessThan(LARGEST_TEMPLATE);
    expect(parameterNames(templateText())).toEqual(Object.keys(rawTemplate().Parameters));
  });

  test('has private, encrypted buckets that outlive it, with the names that were given', () => {
    const buckets = ofType('AWS::S3::Bucket');
    expect(buckets.map(([, { Properties }]) => Properties['BucketName'])).toEqual(['levels-originals', 'levels-processed', 'levels-backup']);
    for (const [, bucket] of [...buckets, ...ofType('AWS::S3::BucketPolicy')]) expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    for (const [, { Properties }] of buckets) {
      expect(Object.values(Properties['PublicAccessBlockConfiguration'] as object)).toEqual([true, true, true, true]);
      expect(Properties).toMatchObject({ OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } });
      expect(encryptionOf(Properties)).toEqual({ SSEAlgorithm: 'AES256' });
    }
  });

  test('encrypts with a key where one is given', () => {
    const KmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/k';
    for (const { Type, Properties } of Object.values(resolved({ KmsKeyArn }).resources)) {
      if (Type === 'AWS::S3::Bucket') expect(encryptionOf(Properties)).toEqual({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KmsKeyArn });
    }
  });

  test('locks backups', () => {
    const locked = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 90 } } };
    const { Properties } = resolved({ BackupRetentionDays: 90 }).resources['Backup'] ?? {};
    expect(Properties).toMatchObject({ ObjectLockEnabled: true, VersioningConfiguration: { Status: 'Enabled' }, ObjectLockConfiguration: locked });
  });

  test('tells the topic of uploads under the prefix, and makes the topic\'s policy before the bucket', () => {
    expect(resources['Originals']?.DependsOn).toBe('UploadsPolicy');
    expect(resources['Originals']?.Properties).toMatchObject({
      NotificationConfiguration: {
        TopicConfigurations: [{ Event: 's3:ObjectCreated:*', Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'uploads/images/original/' }] } } }],
      },
    });
    expect(JSON.stringify(rawTemplate().Resources['UploadsPolicy'])).not.toMatch(/"!(Ref|GetAtt)":"Originals/);
  });

  test('has three functions of one zip, of which two have one handler', () => {
    const functions = ofType('AWS::Lambda::Function').map(([, { Properties }]) => Properties);
    expect(functions.map(({ FunctionName, Handler }) => [FunctionName, Handler])).toEqual([
      [`${STACK}-resize`, 'resize.handler'],
      [`${STACK}-reprocess`, 'resize.handler'],
      [`${STACK}-backup`, 'backup.handler'],
    ]);
    for (const one of functions) {
      expect(one).toMatchObject({ Runtime: 'nodejs22.x', Architectures: ['arm64'], Code: { S3Bucket: 'artifacts', S3Key: 'imgvar/lambda.zip' } });
      expect(one).not.toHaveProperty('ReservedConcurrentExecutions');
    }
    expect(functions.map(({ MemorySize }) => MemorySize)).toEqual([1769, 1769, 256]);
    const [live, reprocess] = functions;
    expect(live?.['Environment']).toEqual(reprocess?.['Environment']);
    expect(live?.['Environment']).toEqual({
      Variables: { IMGVAR_ORIGINALS: 's3://levels-originals/uploads/images/original/', IMGVAR_VARIANTS: 's3://levels-processed/uploads/images/' },
    });
  });

  test('caps reprocessing alone', () => {
    const capped = resolved({ ReprocessConcurrency: 200 }).resources;
    expect(capped['Reprocess']?.Properties['ReservedConcurrentExecutions']).toBe(200);
    expect(capped['Resize']?.Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  test('loses nothing: subscriptions and functions have dead letters, and those an alarm', () => {
    for (const [, { Properties }] of ofType('AWS::SNS::Subscription')) expect(Properties['RedrivePolicy']).toHaveProperty('deadLetterTargetArn');
    for (const [, { Properties }] of ofType('AWS::Lambda::EventInvokeConfig')) expect(Properties).toHaveProperty('DestinationConfig.OnFailure.Destination');
    const told = resolved({ AlarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:on-call' }).resources;
    const alarms = Object.values(told).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
    expect(alarms.map(({ Properties }) => Properties['MetricName'])).toEqual([
      'ApproximateNumberOfMessagesVisible', 'ApproximateNumberOfMessagesVisible', 'Throttles', 'Throttles',
    ]);
    for (const { Properties } of alarms) expect(Properties['AlarmActions']).toEqual(['arn:aws:sns:eu-west-1:123456789012:on-call']);
  });

  test('keeps logs for a time', () => {
    expect(ofType('AWS::Logs::LogGroup').map(([, { Properties }]) => Properties['RetentionInDays'])).toEqual([30, 30, 30]);
  });
});

describe('the distribution', () => {
  const config = (parameters = {}) => resolved(parameters).resources['Distribution']?.Properties['DistributionConfig'] as Record<string, unknown>;
  const behaviours = (parameters = {}) => (config(parameters)['CacheBehaviors'] as { PathPattern: string; TargetOriginId: string; FunctionAssociations?: unknown }[]);

  test('sends originals before variants, nothing of imgvar\'s own, and 404 for the rest', () => {
    expect(behaviours().map(({ PathPattern, TargetOriginId }) => [PathPattern, TargetOriginId])).toEqual([
      ['*/.imgvar/*', 'processed'],
      ['/uploads/images/original/*', 'originals'],
      ['/uploads/images/*', 'processed'],
      [`/${NOT_FOUND_KEY}`, 'processed'],
    ]);
    const answers404 = [{ EventType: 'viewer-request', FunctionARN: 'NothingHere.FunctionARN' }];
    expect(behaviours()[0]?.FunctionAssociations).toEqual(answers404);
    expect(config()['DefaultCacheBehavior']).toMatchObject({ FunctionAssociations: answers404 });
    const code = String(resources['NothingHere']?.Properties['FunctionCode']);
    expect(new Function(`${code}; return handler();`)()).toMatchObject({ statusCode: 404 });
  });

  test('has the paths that the prefixes say', () => {
    const found = behaviours({ OriginalsPrefix: 'o/', VariantsPrefix: '' }).map(({ PathPattern }) => PathPattern);
    expect(found.slice(1, 3)).toEqual(['/o/*', '/*']);
  });

  test('shows 403 as 404, and forgets it soon', () => {
    expect(config()['CustomErrorResponses']).toContainEqual({ ErrorCode: 403, ResponseCode: 404, ResponsePagePath: `/${NOT_FOUND_KEY}`, ErrorCachingMinTTL: 5 });
  });

  test('speaks HTTP/3, by TLS, with signed requests to the buckets', () => {
    expect(config()).toMatchObject({ HttpVersion: 'http2and3' });
    for (const behaviour of [...behaviours(), config()['DefaultCacheBehavior']]) expect(behaviour).toMatchObject({ ViewerProtocolPolicy: 'redirect-to-https' });
    expect(config()['Origins']).toMatchObject([{ OriginAccessControlId: 'OriginAccess.Id' }, { OriginAccessControlId: 'OriginAccess.Id' }]);
    expect(resources['OriginAccess']?.Properties).toMatchObject({ OriginAccessControlConfig: { SigningBehavior: 'always', OriginAccessControlOriginType: 's3' } });
  });

  test('is left out, with all that belongs to it, where something else delivers', () => {
    const without = resolved({ Delivery: 'false' });
    expect(Object.values(without.resources).filter(({ Type }) => Type.startsWith('AWS::CloudFront'))).toEqual([]);
    expect(without.outputs).not.toHaveProperty('DistributionId');
  });

  test('bears a domain of one\'s own', () => {
    const CertificateArn = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/c`;
    expect(config({ DomainName: 'i.example.com', CertificateArn })).toMatchObject({ Aliases: ['i.example.com'], ViewerCertificate: { AcmCertificateArn: CertificateArn } });
    expect(config()).not.toHaveProperty('Aliases');
  });
});

test('docs/aws.md has every parameter that can be given, with its default', () => {
  const text = readFileSync(new URL('../../docs/aws.md', import.meta.url), 'utf8');
  const open = Object.entries(rawTemplate().Parameters).filter(([name]) => !/Bucket|Prefix|BundleKey/.test(name));
  expect(open.length).toBeGreaterThan(8);
  for (const [name, { Default }] of open) {
    const row = text.split('\n').find((line) => line.startsWith('| `') && line.includes(`\`${name}\``));
    expect(row, name).toBeDefined();
    if (Default !== '') expect(row).toContain(`| ${String(Default)}`);
  }
});

describe('buckets of one\'s own', () => {
  const place = (role: (typeof ROLES)[number], bucket: string) => ({ bucket, prefix: DEFAULT_PREFIXES[role], create: false });
  const places: Places = {
    originals: place('originals', BUCKETS.OriginalsBucket),
    processed: place('processed', BUCKETS.ProcessedBucket),
    backup: place('backup', BUCKETS.BackupBucket),
  };
  const POLICIES = { originals: 'OriginalsPolicy', processed: 'ProcessedPolicy', backup: 'BackupPolicy' };

  test('are left alone', () => {
    const without = resolved({ CreateOriginalsBucket: 'false', CreateProcessedBucket: 'false', CreateBackupBucket: 'false' }).resources;
    expect(Object.values(without).filter(({ Type }) => Type.startsWith('AWS::S3'))).toEqual([]);
  });

  test.each(ROLES)('are told the statements that the template has for its own: %s', (role) => {
    for (const BackupAdministratorArn of ['', `arn:aws:iam::${ACCOUNT}:role/keeper`]) {
      for (const Delivery of ['true', 'false']) {
        const template = resolved({ BackupAdministratorArn, Delivery });
        const named = {
          partition: 'aws',
          account: ACCOUNT,
          distribution: Delivery === 'true' ? 'Distribution' : null,
          backupRole: String(template.outputs['BackupRoleArn']),
          backupAdministrator: BackupAdministratorArn || null,
        };
        expect(statementsFor(role, places, named)).toEqual(statementsOf(template, POLICIES[role]));
      }
    }
  });
});

test('the outputs say where everything is', () => {
  expect(outputs).toMatchObject({
    OriginalsLocation: locationText({ kind: 's3', bucket: 'levels-originals', prefix: DEFAULT_PREFIXES.originals }),
    VariantsLocation: locationText({ kind: 's3', bucket: 'levels-processed', prefix: DEFAULT_PREFIXES.processed }),
    BackupLocation: 's3://levels-backup/',
    DistributionId: 'Distribution',
    DistributionDomain: 'Distribution.DomainName',
  });
  for (const name of ['ResizeFunctionName', 'ReprocessFunctionName', 'BackupFunctionName', 'UploadsTopicArn', 'BackupRoleArn']) expect(outputs).toHaveProperty(name);
});

function encryptionOf(properties: Readonly<Record<string, unknown>>): unknown {
  const { ServerSideEncryptionConfiguration: rules } = properties['BucketEncryption'] as { ServerSideEncryptionConfiguration: { ServerSideEncryptionByDefault: unknown }[] };
  return rules[0]?.ServerSideEncryptionByDefault;
}
