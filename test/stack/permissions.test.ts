import { describe, expect, test } from 'vitest';
import { isAllowed, type Asker, type Statement } from './policy.js';
import { ACCOUNT, BUCKETS, REGION, resolved, STACK, statementsOf, type Resolved } from './resolve.js';

const ADMINISTRATOR = `arn:aws:iam::${ACCOUNT}:role/keeper`;
/** What is so of a request, unless something else is said. */
const USUAL = { 'aws:SecureTransport': 'true', 'aws:ResourceAccount': ACCOUNT };
const DISTRIBUTION = `arn:aws:cloudfront::${ACCOUNT}:distribution/Distribution`;

const plain = resolved();
const keptBy = resolved({ BackupAdministratorArn: ADMINISTRATOR });

const ORIGINAL = 'arn:aws:s3:::levels-originals/uploads/images/original/a/b.jpg';
const VARIANT = 'arn:aws:s3:::levels-processed/uploads/images/small/a/b.jpg';
const BACKUP = 'arn:aws:s3:::levels-backup/a/b.jpg';
const BACKUP_BUCKET = 'arn:aws:s3:::levels-backup';

/** The policies of buckets, topic and queues, by what their ARNs begin with. */
const POLICIES: Readonly<Record<string, string>> = {
  'arn:aws:s3:::levels-originals': 'OriginalsPolicy',
  'arn:aws:s3:::levels-processed': 'ProcessedPolicy',
  'arn:aws:s3:::levels-backup': 'BackupPolicy',
  'arn:aws:sns:': 'UploadsPolicy',
  [`arn:aws:sqs:${REGION}:${ACCOUNT}:ResizeDeadLetters`]: 'ResizeDeadLettersPolicy',
  [`arn:aws:sqs:${REGION}:${ACCOUNT}:BackupDeadLetters`]: 'BackupDeadLettersPolicy',
};

/** What the roles of the functions say; an administrator of the account may everything by her own policies. */
const EVERYTHING: readonly Statement[] = [{ Effect: 'Allow', Action: '*', Resource: '*' }];

const who: Readonly<Record<string, { asker: Asker; identity?: (template: Resolved) => readonly Statement[] }>> = {
  resize: functionRole('ResizeRole'),
  reprocess: functionRole('ReprocessRole'),
  backup: functionRole('BackupRole'),
  administrator: { asker: { arn: `arn:aws:iam::${ACCOUNT}:role/administrator` }, identity: () => EVERYTHING },
  keeper: { asker: { arn: ADMINISTRATOR }, identity: () => EVERYTHING },
  unsigned: { asker: 'unsigned' },
  cloudfront: { asker: { service: 'cloudfront.amazonaws.com' } },
  s3: { asker: { service: 's3.amazonaws.com' } },
  sns: { asker: { service: 'sns.amazonaws.com' } },
};

function functionRole(name: string) {
  return { asker: { arn: `arn:aws:iam::${ACCOUNT}:role/${STACK}-${name}` }, identity: (template: Resolved) => statementsOf(template, name) };
}

function may(template: Resolved, name: string, action: string, resource: string, context: Readonly<Record<string, string>> = {}): boolean {
  const found = who[name];
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  const policy = Object.entries(POLICIES).find(([prefix]) => resource === prefix || resource.startsWith(`${prefix}/`) || (prefix.endsWith(':') && resource.startsWith(prefix)));
  const ofResource = policy === undefined ? [] : statementsOf(template, policy[1]);
  return isAllowed({ identity: found.identity?.(template) ?? [], resource: ofResource }, { asker: found.asker, action, resource, context: { ...USUAL, ...context } });
}

type Row = readonly [who: string, action: string, resource: string, allowed: boolean];

const ofImages = (name: string): readonly Row[] => [
  [name, 's3:GetObject', ORIGINAL, true],
  [name, 's3:ListBucket', 'arn:aws:s3:::levels-originals', true],
  [name, 's3:GetObject', VARIANT, false],
  [name, 's3:ListBucket', 'arn:aws:s3:::levels-processed', true],
  [name, 's3:PutObject', VARIANT, true],
  [name, 's3:PutObject', ORIGINAL, false],
  [name, 's3:DeleteObject', ORIGINAL, false],
  [name, 's3:DeleteObject', VARIANT, false],
  [name, 's3:PutObjectAcl', VARIANT, false],
  [name, 's3:PutObject', 'arn:aws:s3:::levels-processed/elsewhere/a.jpg', false],
  [name, 's3:GetObject', 'arn:aws:s3:::levels-originals/elsewhere/a.jpg', false],
  [name, 's3:GetObject', BACKUP, false],
  [name, 's3:PutObject', BACKUP, false],
  [name, 's3:DeleteObject', BACKUP, false],
  [name, 's3:ListBucket', BACKUP_BUCKET, false],
  [name, 's3:PutBucketPolicy', 'arn:aws:s3:::levels-processed', false],
  [name, 'sns:Publish', `arn:aws:sns:${REGION}:${ACCOUNT}:${STACK}-Uploads`, false],
  [name, 'sqs:ReceiveMessage', `arn:aws:sqs:${REGION}:${ACCOUNT}:ResizeDeadLetters`, false],
  [name, 'sqs:SendMessage', `arn:aws:sqs:${REGION}:${ACCOUNT}:BackupDeadLetters`, false],
  [name, 'lambda:InvokeFunction', `arn:aws:lambda:${REGION}:${ACCOUNT}:Resize`, false],
  [name, 'logs:PutLogEvents', `arn:aws:logs:${REGION}:${ACCOUNT}:BackupLogs`, false],
  [name, 'kms:Decrypt', `arn:aws:kms:${REGION}:${ACCOUNT}:key/k`, false],
  [name, 'iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/any`, false],
];

const rows: readonly Row[] = [
  ...ofImages('resize'),
  ['resize', 'sqs:SendMessage', `arn:aws:sqs:${REGION}:${ACCOUNT}:ResizeDeadLetters`, true],
  ['resize', 'logs:PutLogEvents', `arn:aws:logs:${REGION}:${ACCOUNT}:ResizeLogs`, true],
  ['resize', 'logs:PutLogEvents', `arn:aws:logs:${REGION}:${ACCOUNT}:ReprocessLogs`, false],
  ...ofImages('reprocess'),
  ['reprocess', 'sqs:SendMessage', `arn:aws:sqs:${REGION}:${ACCOUNT}:ResizeDeadLetters`, false],
  ['reprocess', 'logs:PutLogEvents', `arn:aws:logs:${REGION}:${ACCOUNT}:ReprocessLogs`, true],
  ['reprocess', 'logs:PutLogEvents', `arn:aws:logs:${REGION}:${ACCOUNT}:ResizeLogs`, false],
  ['backup', 's3:GetObject', ORIGINAL, true],
  ['backup', 's3:GetObjectTagging', ORIGINAL, true],
  ['backup', 's3:PutObject', ORIGINAL, false],
  ['backup', 's3:DeleteObject', ORIGINAL, false],
  ['backup', 's3:GetObject', BACKUP, true],
  ['backup', 's3:PutObject', BACKUP, true],
  ['backup', 's3:PutObjectTagging', BACKUP, true],
  ['backup', 's3:DeleteObject', BACKUP, false],
  ['backup', 's3:DeleteObjectVersion', BACKUP, false],
  ['backup', 's3:BypassGovernanceRetention', BACKUP, false],
  ['backup', 's3:PutObjectRetention', BACKUP, false],
  ['backup', 's3:PutBucketPolicy', BACKUP_BUCKET, false],
  ['backup', 's3:GetObject', VARIANT, false],
  ['backup', 's3:PutObject', VARIANT, false],
  ['backup', 'sqs:SendMessage', `arn:aws:sqs:${REGION}:${ACCOUNT}:BackupDeadLetters`, true],
  ['backup', 'sqs:SendMessage', `arn:aws:sqs:${REGION}:${ACCOUNT}:ResizeDeadLetters`, false],
  ['backup', 'logs:PutLogEvents', `arn:aws:logs:${REGION}:${ACCOUNT}:BackupLogs`, true],
  ['administrator', 's3:GetObject', BACKUP, true],
  ['administrator', 's3:PutObject', BACKUP, false],
  ['administrator', 's3:PutObjectRetention', BACKUP, false],
  ['administrator', 's3:PutObjectLegalHold', BACKUP, false],
  ['administrator', 's3:ReplicateDelete', BACKUP, false],
  ['administrator', 's3:DeleteObject', BACKUP, false],
  ['administrator', 's3:DeleteObjectVersion', BACKUP, false],
  ['administrator', 's3:BypassGovernanceRetention', BACKUP, false],
  ['administrator', 's3:UpdateObjectEncryption', BACKUP, false],
  ['administrator', 's3:PutLifecycleConfiguration', BACKUP_BUCKET, false],
  // What the stack itself is changed with.
  ['administrator', 's3:PutBucketPolicy', BACKUP_BUCKET, true],
  ['administrator', 's3:PutBucketObjectLockConfiguration', BACKUP_BUCKET, true],
  ['administrator', 's3:PutEncryptionConfiguration', BACKUP_BUCKET, true],
  ['administrator', 's3:PutObject', ORIGINAL, true],
  ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].flatMap((action) => [ORIGINAL, VARIANT, BACKUP].map((resource): Row => ['unsigned', action, resource, false])),
  ['unsigned', 's3:ListBucket', 'arn:aws:s3:::levels-originals', false],
  ['unsigned', 's3:ListBucket', BACKUP_BUCKET, false],
  ['unsigned', 'sns:Publish', `arn:aws:sns:${REGION}:${ACCOUNT}:${STACK}-Uploads`, false],
  ['unsigned', 'sqs:SendMessage', `arn:aws:sqs:${REGION}:${ACCOUNT}:ResizeDeadLetters`, false],
];

/** What the functions may do in buckets. */
const inBuckets = rows.filter(([name, action, , allowed]) => ['resize', 'reprocess', 'backup'].includes(name) && action.startsWith('s3:') && allowed);

describe('who may do what', () => {
  test.each(rows)('%s, %s on %s: %s', (name, action, resource, allowed) => {
    expect(may(plain, name, action, resource)).toBe(allowed);
  });

  test.each(inBuckets)('%s, %s on %s: not where another account has the name of the bucket by now', (name, action, resource) => {
    expect(may(plain, name, action, resource, { 'aws:ResourceAccount': '210987654321' })).toBe(false);
  });

  test('without TLS nobody anything, in every bucket and queue', () => {
    const resources = [ORIGINAL, VARIANT, BACKUP, 'arn:aws:s3:::levels-originals', 'arn:aws:s3:::levels-processed', BACKUP_BUCKET];
    for (const name of Object.keys(who)) {
      for (const resource of resources) {
        for (const action of ['s3:GetObject', 's3:ListBucket', 's3:PutObject']) {
          expect(may(keptBy, name, action, resource, { 'aws:SecureTransport': 'false', 'aws:SourceArn': DISTRIBUTION })).toBe(false);
        }
      }
    }
    expect(may(plain, 'resize', 'sqs:SendMessage', `arn:aws:sqs:${REGION}:${ACCOUNT}:ResizeDeadLetters`, { 'aws:SecureTransport': 'false' })).toBe(false);
  });

  test('reprocess may the same as resize, but for logs and dead letters', () => {
    const shared = (name: string) => statementsOf(plain, name).filter(({ Sid }) => Sid !== 'Log' && Sid !== 'LeaveWhatFails');
    expect(shared('ReprocessRole')).toEqual(shared('ResizeRole'));
  });

  test('the one who is named may write and delete backups, and nobody else for it', () => {
    const denied = [
      ['s3:PutObject', BACKUP],
      ['s3:DeleteObject', BACKUP],
      ['s3:DeleteObjectVersion', BACKUP],
      ['s3:BypassGovernanceRetention', BACKUP],
      ['s3:UpdateObjectEncryption', BACKUP],
      ['s3:PutLifecycleConfiguration', BACKUP_BUCKET],
    ] as const;
    for (const [action, resource] of denied) {
      expect(may(keptBy, 'keeper', action, resource)).toBe(true);
      expect(may(plain, 'keeper', action, resource)).toBe(false);
      expect(may(keptBy, 'administrator', action, resource)).toBe(false);
    }
    expect(may(keptBy, 'backup', 's3:DeleteObject', BACKUP)).toBe(false);
    expect(may(keptBy, 'backup', 's3:PutObject', BACKUP)).toBe(true);
  });

  test('with a key, the functions may use that one', () => {
    const KmsKeyArn = `arn:aws:kms:${REGION}:${ACCOUNT}:key/k`;
    for (const name of ['resize', 'reprocess', 'backup']) {
      expect(may(resolved({ KmsKeyArn }), name, 'kms:GenerateDataKey', KmsKeyArn)).toBe(true);
      expect(may(resolved({ KmsKeyArn }), name, 'kms:Decrypt', `${KmsKeyArn}2`)).toBe(false);
    }
  });
});

describe('delivery', () => {
  const delivered = (resource: string, context: Record<string, string> = { 'aws:SourceArn': DISTRIBUTION }, action = 's3:GetObject') => may(plain, 'cloudfront', action, resource, context);

  test('reads originals and variants, and nothing else', () => {
    expect(delivered(ORIGINAL)).toBe(true);
    expect(delivered(VARIANT)).toBe(true);
    expect(delivered('arn:aws:s3:::levels-processed/imgvar/not-found.txt')).toBe(true);
    expect(delivered(BACKUP)).toBe(false);
    expect(delivered('arn:aws:s3:::levels-originals/private/a.jpg')).toBe(false);
    expect(delivered(VARIANT, undefined, 's3:PutObject')).toBe(false);
    expect(delivered('arn:aws:s3:::levels-processed', undefined, 's3:ListBucket')).toBe(false);
  });

  test('nothing of imgvar\'s own', () => {
    expect(delivered('arn:aws:s3:::levels-processed/uploads/images/.imgvar/specs.json')).toBe(false);
    expect(delivered('arn:aws:s3:::levels-processed/uploads/images/.imgvar/runs/1.json')).toBe(false);
  });

  test('only this distribution, and none where there is none', () => {
    expect(delivered(ORIGINAL, { 'aws:SourceArn': `${DISTRIBUTION}2` })).toBe(false);
    expect(delivered(ORIGINAL, {})).toBe(false);
    expect(may(resolved({ Delivery: 'false' }), 'cloudfront', 's3:GetObject', VARIANT, { 'aws:SourceArn': DISTRIBUTION })).toBe(false);
  });
});

describe('the topic and the dead letters', () => {
  const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:${STACK}-Uploads`;
  const from = { 'aws:SourceArn': `arn:aws:s3:::${BUCKETS.OriginalsBucket}`, 'aws:SourceAccount': ACCOUNT };

  test('only the bucket of originals of this account publishes', () => {
    expect(may(plain, 's3', 'sns:Publish', topic, from)).toBe(true);
    expect(may(plain, 's3', 'sns:Publish', topic, { ...from, 'aws:SourceArn': 'arn:aws:s3:::other' })).toBe(false);
    expect(may(plain, 's3', 'sns:Publish', topic, { ...from, 'aws:SourceAccount': '210987654321' })).toBe(false);
    expect(may(plain, 's3', 'sns:Subscribe', topic, from)).toBe(false);
    expect(may(plain, 'sns', 'sns:Publish', topic, from)).toBe(false);
  });

  test('only this topic sends what it could not deliver', () => {
    const queue = `arn:aws:sqs:${REGION}:${ACCOUNT}:BackupDeadLetters`;
    expect(may(plain, 'sns', 'sqs:SendMessage', queue, { 'aws:SourceArn': topic })).toBe(true);
    expect(may(plain, 'sns', 'sqs:SendMessage', queue, { 'aws:SourceArn': `${topic}2` })).toBe(false);
    expect(may(plain, 'sns', 'sqs:ReceiveMessage', queue, { 'aws:SourceArn': topic })).toBe(false);
  });
});
