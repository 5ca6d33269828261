import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { pruneReporter } from '../../src/report/prune.js';
import type { Output } from '../../src/report/reporter.js';

/** Whether a variant may go is looked up before: that may be what is not allowed. */
test('what could not be removed is told with all that it takes', () => {
  const stdout = new PassThrough();
  const reporter = pruneReporter({ stdout, stderr: stdout, color: false } as unknown as Output, { json: false, verbose: false, dryRun: false });
  reporter.event({ type: 'removal', result: 'failed', key: 'small/a.jpg', code: 'spec-gone', bytes: 3, detail: 'access-denied: AccessDenied (HTTP 403)' });
  reporter.event({ type: 'pruned', removed: 0, bytes: 0, kept: 0, failed: 1, journal: null, dryRun: false, complete: true });
  const told = String(stdout.read());
  expect(told).toContain('not removed: small/a.jpg (access-denied: AccessDenied (HTTP 403))\n');
  expect(told).toContain('\n1 could not be removed: allow s3:DeleteObject and s3:GetObject on the variants, then run the same command again.\n');
});
