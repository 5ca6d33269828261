import type { Engine } from '../engine/engine.js';
import type { FailureCode } from '../model/failure.js';
import type { Finding, FindingKind } from '../model/finding.js';
import type { DueReason, DueVariant, Job } from '../model/job.js';
import { isRefused, type RefusedObject, type StoredObject } from '../model/original.js';
import type { Failed } from '../model/outcome.js';
import type { Spec } from '../model/spec.js';
import type { Planned } from '../plan/join.js';
import type { Want } from '../plan/waiting.js';
import type { Accounted, Held } from './inventory.js';

/** What was found of one original, or of an object that belongs to none. */
export interface Examined {
  readonly findings: readonly Finding[];
  /** Variants that are there, as far as the listings tell, and their bytes. */
  readonly right: { readonly count: number; readonly bytes: number };
  /** The original, and what of it can be made again; null for what is no original that could be worked on. */
  readonly original: StoredObject | null;
  readonly remedy: readonly DueVariant[];
  /** What there is to look at, for those who want to see more than the listings. */
  readonly present: readonly Present[];
  /** Of those that were looked at, how many have nothing that says by what they were made. */
  readonly unproven: number;
}

interface Present {
  readonly variant: DueVariant;
  readonly bytes: number;
}

/** @param specs those that are of interest */
export function examine(accounted: Accounted, specs: readonly Spec[]): Examined {
  if (isRefused(accounted)) return refusal(accounted);
  if ('object' in accounted) {
    const { object, code } = accounted;
    const kind: FindingKind = code === 'foreign' ? 'foreign' : 'orphaned';
    const [original = null] = accounted.originals;
    const finding: Finding = { type: 'finding', kind, code, original: code === 'original-gone' ? original : null, variant: null, key: object.key, bytes: object.size, detail: '' };
    return { ...NOTHING, findings: [finding] };
  }
  return ofOriginal(accounted, specs);
}

const NOTHING: Examined = { findings: [], right: { count: 0, bytes: 0 }, original: null, remedy: [], present: [], unproven: 0 };

function refusal({ key, refused, detail }: RefusedObject): Examined {
  return { ...NOTHING, findings: [{ type: 'finding', kind: 'unmakeable', code: refused, original: key, variant: null, key: null, bytes: 0, detail }] };
}

function ofOriginal({ planned, wants }: Held, specs: readonly Spec[]): Examined {
  const { original } = planned;
  const due = planned.due.filter(({ spec }) => specs.includes(spec));
  const collisions = planned.collisions.filter(({ spec }) => specs.includes(spec));
  const wanted = wants.filter(({ spec }) => specs.includes(spec));
  const about = (kind: FindingKind, code: Finding['code'], spec: Spec, key: string | null, bytes: number, detail = ''): Finding => ({
    type: 'finding', kind, code, original: original.key, variant: spec.name, key, bytes, detail,
  });
  const findings = [
    ...due.map(({ spec, key, reason }) => about(reason === 'missing' ? 'missing' : 'stale', staleCode(reason), spec, key, sizeOf(wanted, spec))),
    ...collisions.map(({ spec, rival }) => about('unmakeable', 'key-collision', spec, null, 0, rival)),
  ];
  const isWrong = (spec: Spec): boolean => due.some((one) => one.spec === spec) || collisions.some((one) => one.spec === spec);
  const present = wanted.flatMap(({ spec, key, found }): Present[] => (found === undefined || isWrong(spec) ? [] : [{ variant: { spec, key, reason: 'forced' }, bytes: found.size }]));
  return {
    findings,
    right: { count: present.length, bytes: present.reduce((sum, { bytes }) => sum + bytes, 0) },
    original,
    remedy: due,
    present,
    unproven: 0,
  };
}

function staleCode(reason: DueReason): Finding['code'] {
  if (reason === 'forced' || reason === 'retried') throw new Error(`nothing is ${reason} in the mode due`);
  return reason;
}

function sizeOf(wants: readonly Want[], spec: Spec): number {
  return wants.find((want) => want.spec === spec)?.found?.size ?? 0;
}

/**
 * Looks closer: reads and decodes the variants that are there.
 *
 * @param checker see `checkVariants`
 * @returns the same, with what was found, in any order
 */
export async function* lookClosely(examined: readonly Examined[], checker: Engine): AsyncGenerator<Examined> {
  const waiting = new Map<string, Examined>();
  for (const one of examined) {
    if (one.original === null || one.present.length === 0) yield one;
    else waiting.set(one.original.key, one);
  }
  for await (const { original, outcomes, unproven = 0 } of checker.run(jobsOf([...waiting.values()]))) {
    const one = waiting.get(original);
    if (one === undefined) throw new Error(`looked at what nobody asked for: ${original}`);
    yield outcomes.reduce((sum, outcome) => (outcome.result === 'failed' ? withTrouble(sum, outcome) : sum), { ...one, unproven });
  }
}

async function* jobsOf(examined: readonly Examined[]): AsyncGenerator<Job> {
  for (const { original, present } of examined) if (original !== null) yield { original, due: present.map(({ variant }) => variant) };
}

/** These are mended by making the variant again. */
const DAMAGED: readonly FailureCode[] = ['variant-corrupt', 'wrong-size', 'wrong-format', 'wrong-fingerprint', 'wrong-original', 'copy-differs'];

function withTrouble(examined: Examined, { original, variant, code, detail }: Failed): Examined {
  const about = { type: 'finding', code, original, variant, detail } as const;
  const one = examined.present.find((present) => present.variant.spec.name === variant);
  if (one === undefined || !DAMAGED.includes(code)) {
    return { ...examined, findings: [...examined.findings, { ...about, kind: 'unmakeable', key: one?.variant.key ?? null, bytes: one?.bytes ?? 0 }] };
  }
  return {
    ...examined,
    findings: [...examined.findings, { ...about, kind: 'damaged', key: one.variant.key, bytes: one.bytes }],
    right: { count: examined.right.count - 1, bytes: examined.right.bytes - one.bytes },
    remedy: [...examined.remedy, one.variant],
  };
}

/** What comes out of the plan for `--fix`; undefined where nothing can be done. */
export function remedyOf({ original, remedy }: Examined): Planned | undefined {
  return original === null || remedy.length === 0 ? undefined : { original, due: remedy, collisions: [] };
}
