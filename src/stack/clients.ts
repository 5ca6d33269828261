import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { UserError } from '../model/user-error.js';
import { asked } from './aws-error.js';

/** How AWS is reached; credentials are never part of it. */
export interface AwsSettings {
  /** For S3 alone, addressed path-style; null: AWS. The other services follow AWS_ENDPOINT_URL and the like. */
  readonly s3Endpoint: string | null;
  /** Null: AWS_REGION or the profile's. */
  readonly region: string | null;
  /** Null: AWS_PROFILE or the default one. */
  readonly profile: string | null;
}

/** The account and region that a stack is deployed to, and the clients for them. */
export interface Aws {
  readonly cloudFormation: CloudFormationClient;
  readonly s3: S3Client;
  readonly account: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

/** Asks who we are, so that wrong credentials are told before anything else. @throws UserError */
export async function connect({ s3Endpoint, region, profile }: AwsSettings): Promise<Aws> {
  const settings = {
    ...(region === null ? {} : { region }),
    ...(profile === null ? {} : { profile }),
    // What a library has to say is not for the person who runs this.
    logger: SILENT,
  };
  const sts = new STSClient(settings);
  const where = await sts.config.region().catch(() => undefined);
  if (where === undefined) throw new UserError('usage', 'Which region is it to be? Name it with --region, or set AWS_REGION.');
  const { Account: account = '', Arn: arn = '' } = await asked('sts:GetCallerIdentity', sts.send(new GetCallerIdentityCommand({})));
  return {
    cloudFormation: new CloudFormationClient(settings),
    s3: new S3Client({ ...settings, ...(s3Endpoint === null ? {} : { endpoint: s3Endpoint, forcePathStyle: true }) }),
    account,
    region: where,
    partition: arn.split(':')[1] ?? 'aws',
  };
}

export const SILENT = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
