import type { PolicyStatement } from '../model/deployment.js';
import { NOT_FOUND_KEY } from './buckets.js';
import type { Places, Role } from './places.js';

/** What a bucket's policy must name beside the bucket. */
export interface Named {
  readonly partition: string;
  readonly account: string;
  /** Null where nothing is delivered. */
  readonly distribution: string | null;
  /** The role of the backup function. */
  readonly backupRole: string;
  /** Who else may write and delete backups; null for nobody. */
  readonly backupAdministrator: string | null;
}

/** What to add to the policies of buckets that the stack does not make: the same as the template has for its own. */
export function statementsFor(role: Role, places: Places, named: Named): readonly PolicyStatement[] {
  const { bucket, prefix } = places[role];
  const arn = `arn:${named.partition}:s3:::${bucket}`;
  if (role === 'backup') return [onlyByTls(arn), ...backupStatements(arn, named)];
  const delivered = role === 'originals' ? [`${arn}/${prefix}*`] : [`${arn}/${prefix}*`, `${arn}/${NOT_FOUND_KEY}`];
  return [onlyByTls(arn), ...deliveryReads(delivered, named), ...(role === 'processed' ? hidesImgvarsOwn(arn, named) : [])];
}

export function onlyByTls(arn: string): PolicyStatement {
  return {
    Sid: 'OnlyByTls',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

function deliveryReads(resources: readonly string[], { partition, account, distribution }: Named): PolicyStatement[] {
  if (distribution === null) return [];
  return [
    {
      Sid: 'DeliveryReads',
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: resources.length === 1 ? String(resources[0]) : resources,
      Condition: { StringEquals: { 'aws:SourceArn': `arn:${partition}:cloudfront::${account}:distribution/${distribution}` } },
    },
  ];
}

function hidesImgvarsOwn(arn: string, { distribution }: Named): PolicyStatement[] {
  if (distribution === null) return [];
  return [
    {
      Sid: 'DeliveryReadsNothingOfImgvarsOwn',
      Effect: 'Deny',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:*',
      Resource: [`${arn}/.imgvar/*`, `${arn}/*/.imgvar/*`],
    },
  ];
}

function backupStatements(arn: string, { backupRole, backupAdministrator }: Named): PolicyStatement[] {
  const administrator = backupAdministrator === null ? [] : [backupAdministrator];
  return [
    {
      Sid: 'OnlyTheBackupFunctionWrites',
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:PutObject*', 's3:Replicate*'],
      Resource: `${arn}/*`,
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': [backupRole, ...administrator] } },
    },
    {
      Sid: 'NobodyDeletes',
      Effect: 'Deny',
      Principal: '*',
      Action: ['s3:DeleteObject*', 's3:BypassGovernanceRetention', 's3:UpdateObjectEncryption', 's3:PutLifecycleConfiguration'],
      Resource: [arn, `${arn}/*`],
      ...(backupAdministrator === null ? {} : { Condition: { ArnNotEquals: { 'aws:PrincipalArn': backupAdministrator } } }),
    },
  ];
}
