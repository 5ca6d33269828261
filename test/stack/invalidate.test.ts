import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { distribution } from '../../src/stack/invalidate.js';
import { startCloudFront, type CloudFrontServer } from './cloudfront.js';

let cloudFront: CloudFrontServer;
beforeAll(async () => {
  cloudFront = await startCloudFront();
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFRONT', cloudFront.url);
});
beforeEach(() => {
  cloudFront.invalidations.length = cloudFront.busy = 0;
  cloudFront.isForbidden = false;
});
afterAll(() => cloudFront.close());

const at = (id: string) => distribution(id, null, { seconds: 0.02, every: 0.005 });

describe('a distribution', () => {
  it('is looked for before anything is done', async () => {
    await at('E1').check();
    await expect(at('E2').check()).rejects.toMatchObject({ code: 'distribution-missing' });
    cloudFront.isForbidden = true;
    await expect(at('E1').check()).rejects.toMatchObject({ code: 'access-denied', message: expect.stringContaining('cloudfront:GetInvalidation') });
  });

  it('is told what to forget', async () => {
    expect(await at('E1').invalidate(['/a.jpg', '/b/*'], 'once')).toBe('I1');
    expect(cloudFront.invalidations).toEqual([['/a.jpg', '/b/*']]);
  });

  it('is told of a path with an & as XML writes it', async () => {
    await at('E1').invalidate(['/a&b@2x.jpg'], 'once');
    expect(cloudFront.invalidations).toEqual([['/a&amp;b@2x.jpg']]);
  });

  it('is asked again while others keep it busy, but not for ever', async () => {
    cloudFront.busy = 3;
    expect(await at('E1').invalidate(['/a.jpg'], 'once')).toBe('I1');
    cloudFront.busy = 1000;
    await expect(at('E1').invalidate(['/a.jpg'], 'twice')).rejects.toMatchObject({ code: 'aws-refused' });
  });
});
