import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFrontClient, CreateInvalidationCommand, GetInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { UserError } from '../model/user-error.js';
import { troubleOf } from '../store/s3-error.js';
import { asked } from './aws-error.js';
import { SILENT } from './clients.js';

/** A distribution whose cached variants can be given up. */
export interface Distribution {
  readonly id: string;
  /** Sees that it is there and may be used so, before there is anything to lose. @throws UserError */
  check(): Promise<void>;
  /**
   * @param reference the same words again are the same invalidation, which CloudFront does not begin twice
   * @returns the invalidation's id
   * @throws UserError
   */
  invalidate(paths: readonly string[], reference: string): Promise<string>;
}

/** CloudFront is one for all regions, and is asked in this one. */
const REGION = 'us-east-1';

/** How long others may keep CloudFront busy, and how often it is asked meanwhile, in seconds. */
const PATIENCE = { seconds: 600, every: 15 };

/** @param profile null: AWS_PROFILE or the default one */
export function distribution(id: string, profile: string | null, wait = PATIENCE): Distribution {
  const client = new CloudFrontClient({ region: REGION, ...(profile === null ? {} : { profile }), logger: SILENT });
  return {
    id,
    async check() {
      try {
        await client.send(new GetInvalidationCommand({ DistributionId: id, Id: 'I0' }));
      } catch (error) {
        const { code = '' } = troubleOf(error) ?? {};
        if (code === 'NoSuchInvalidation') return;
        if (code === 'NoSuchDistribution') throw new UserError('distribution-missing', `There is no CloudFront distribution "${id}" in this account; name another with --distribution.`);
        await asked('cloudfront:GetInvalidation', Promise.reject(error as Error));
      }
    },
    async invalidate(paths, reference) {
      const batch = { CallerReference: reference, Paths: { Quantity: paths.length, Items: [...paths] } };
      for (let waited = 0; ; waited += wait.every) {
        try {
          const { Invalidation } = await client.send(new CreateInvalidationCommand({ DistributionId: id, InvalidationBatch: batch }));
          return Invalidation?.Id ?? '';
        } catch (error) {
          const isBusy = troubleOf(error)?.code === 'TooManyInvalidationsInProgress' && waited < wait.seconds;
          if (!isBusy) return await asked('cloudfront:CreateInvalidation', Promise.reject(error as Error));
          await sleep(wait.every * 1000);
        }
      }
    },
  };
}
