import { finalFailures } from '../checkpoint/failures.js';
import { toldOf } from '../checkpoint/history.js';
import type { RunRecord } from '../checkpoint/run-record.js';
import type { Engine } from '../engine/engine.js';
import type { FailureCode } from '../model/failure.js';
import type { RunState } from '../model/past-run.js';
import type { ReportedFailures, RunReport } from '../model/report.js';
import { UserError } from '../model/user-error.js';
import type { OwnFiles } from '../store/own-files.js';
import type { Store } from '../store/store.js';
import { billOf } from './bill.js';
import { contactSheet, someOriginals, type SheetParts } from './contact-sheet.js';
import { atWork, billingOf, type Pricing } from './pricing.js';
import { savingsOf } from './savings.js';

export interface ReportParts extends SheetParts {
  readonly checkpoint: OwnFiles;
  readonly record: RunRecord;
  readonly state: RunState;
  readonly pricing: Pricing;
  readonly trial: Engine;
  /** How many originals are shown and measured; 0: none is read. */
  readonly sample: number;
}

/** Failures of one code that are named. */
const NAMED = 50;

/** Gathers all that a report tells of a run. Reads a few originals and variants, and writes nothing of them. @throws UserError */
export async function gatherReport(parts: ReportParts): Promise<RunReport> {
  const { checkpoint, record, pricing, originals, specs, trial, sample } = parts;
  const failures = await failuresOf(checkpoint, record);
  await regionsKnown([originals, parts.variants]);
  const billing = atWork(await billingOf(parts), pricing);
  const { filter, command } = record.identity;
  const bill = billOf(record, record.sums, billing, pricing, 'manifest' in filter || 'retry-failed' in filter);
  const inFolders = billing.places.originals === null && billing.places.variants === null;
  const chosen = sample === 0 || command === 'backup' ? [] : await someOriginals(originals, String(filter['prefix'] ?? ''), sample);
  // To make an avif takes many times as long as to look at one.
  const measured = chosen.filter((_, i) => i % 2 === 0);
  const savings = await savingsOf(measured, specs, trial);
  return {
    run: toldOf(record, parts.state, Object.fromEntries(failures.map(({ code, count }) => [code, count]))),
    bill: inFolders ? null : bill,
    usd: inFolders ? 0 : (bill?.usd ?? null),
    cpuSeconds: record.cpuSeconds,
    rates: ratesOf(record),
    failures,
    specs: Object.keys(record.identity.specs).map((name) => ({ name, ...(record.sums.specs[name] ?? { made: 0, bytes: 0 }), savings: savings.get(name) ?? [] })),
    sheet: await contactSheet(parts, chosen),
    sampled: measured.length,
  };
}

/** A bucket says where it is when it is asked something. One that cannot be reached any more has its report all the same. */
async function regionsKnown(stores: readonly Store[]): Promise<void> {
  for (const store of stores) {
    await store.check('read').catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
    });
  }
}

async function failuresOf(checkpoint: OwnFiles, record: RunRecord): Promise<ReportedFailures[]> {
  const found = new Map<FailureCode, { count: number; first: ReportedFailures['first'] }>();
  for await (const { code, original, variant, detail } of finalFailures(checkpoint, record)) {
    const { count, first } = found.get(code) ?? { count: 0, first: [] };
    found.set(code, { count: count + 1, first: first.length < NAMED ? [...first, { original, variant, detail }] : first });
  }
  return [...found].map(([code, one]) => ({ code, ...one })).sort((a, b) => b.count - a.count);
}

/** Points that are nearer than this tell of when the record was saved, not of the work, as a share of the whole. */
const NEAR = 0.005;

function ratesOf({ course, seconds: whole }: RunRecord): RunReport['rates'] {
  const rates: { seconds: number; originals: number; failed: number }[] = [];
  let before = { seconds: 0, originals: 0, failed: 0 };
  for (const point of course) {
    const seconds = point.seconds - before.seconds;
    if (seconds <= whole * NEAR) continue;
    // Failures that the second try has mended count backwards, and are no rate.
    rates.push({ seconds: point.seconds, originals: Math.max(0, point.originals - before.originals) / seconds, failed: Math.max(0, point.failed - before.failed) / seconds });
    before = point;
  }
  return rates;
}
