import type { Before, S3Request } from '../s3/request.js';

/** What a person must mend: the code that the run ends with, and what the store says to every request from some moment on. */
export interface Stop {
  readonly code: string;
  readonly before: Before;
}

/** It begins in the middle of a run. The short tests take the first two. */
export const STOPS: Readonly<Record<string, Stop>> = {
  'credentials expire': { code: 'credentials-expired', before: () => ({ kind: 'error', status: 400, code: 'ExpiredToken' }) },
  "this machine's clock is set wrong": { code: 'clock-wrong', before: () => ({ kind: 'error', status: 403, code: 'RequestTimeTooSkewed' }) },
  'the bucket of originals is removed': {
    code: 'location-missing',
    before: ({ method, bucket }: S3Request) => (bucket === 'originals' && method !== 'HEAD' ? { kind: 'error', status: 404, code: 'NoSuchBucket' } : undefined),
  },
};

/** From the time that so many variants have been written. */
export function afterWrites(count: number, then: Before): Before {
  let written = 0;
  return (request) => {
    if (request.method === 'PUT' && !request.key.includes('.imgvar/')) written += 1;
    return written > count ? then(request) : undefined;
  };
}
