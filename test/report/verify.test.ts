import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { FindingCode, FindingKind } from '../../src/model/finding.js';
import type { Output } from '../../src/report/reporter.js';
import { verifyReporter } from '../../src/report/verify.js';

/** What is told of a comparison that has found one of this. */
function told(of: 'variant' | 'copy', kind: FindingKind, code: FindingCode): string {
  const stdout = new PassThrough();
  const reporter = verifyReporter({ stdout, stderr: stdout, color: false } as unknown as Output, { json: false, quiet: true, verbose: false, fix: false, of });
  const findings = [{ kind, code, count: 1, bytes: 1 }];
  reporter.event({ type: 'verified', originals: 2, right: { count: 1, bytes: 1 }, read: 0, unproven: 0, findings, isRight: false, seconds: 1 });
  reporter.close();
  return String(stdout.read());
}

test.each<['variant' | 'copy', FindingKind, FindingCode, string]>([
  ['copy', 'missing', 'missing', 'Copy what is missing or has changed, with the same locations and config:\n  imgvar backup\n'],
  ['copy', 'stale', 'original-newer', 'Copy what is missing or has changed, with the same locations and config:\n  imgvar backup\n'],
  ['copy', 'damaged', 'copy-differs', 'Copy what differs, over the copy, with the same locations and config:\n  imgvar backup --replace\n'],
  ['variant', 'orphaned', 'spec-gone', 'Remove what belongs to nothing, with the same locations and config:\n  imgvar prune\n'],
  ['variant', 'missing', 'missing', 'Make again what can be:  the same command with --fix\n'],
])('of a %s that is %s (%s) is told what to type next, and what to say with it', (of, kind, code, next) => {
  const text = told(of, kind, code);
  expect(text.endsWith(`\n${next}`), text).toBe(true);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
