import { extensionOf } from '../model/extension.js';
import type { Job } from '../model/job.js';
import type { Expected } from './expected.js';

/** Originals of one kind, as they pass by: how many, what is expected of them all, and some of them, drawn evenly. */
export interface Kind {
  /** Kinds that are alike sort side by side. */
  readonly name: string;
  originals: number;
  cpuSeconds: number;
  bytes: number;
  readonly kept: Job[];
}

/** Kinds that are strata together. */
export interface Group {
  readonly kinds: readonly Kind[];
  readonly originals: number;
  readonly expected: Expected;
  /** Of what is expected of all originals, the mean of its share of time and of bytes. */
  readonly share: number;
}

/** A stratum is at least so many originals' part of the sample, so that in most there are as many to compare. */
const PER_STRATUM = 3;

/** What is due, the extension, and the listed size in powers of two. */
export function kindOf({ original, due }: Job): string {
  const specs = due.map(({ spec }) => spec.name).join(' ');
  return `${specs}\n${extensionOf(original.key)}\n${classOf(original.size)}`;
}

/** For whatever comes once there are enough kinds: how much work it is, in powers of two; at most some 60 more. */
export function otherKindOf({ cpuSeconds }: Expected): string {
  return `\n\n${classOf(cpuSeconds * 1000)}`;
}

/** Two digits, so that classes sort as numbers. */
function classOf(value: number): string {
  return String(Math.min(60, Math.ceil(Math.log2(value + 1)))).padStart(2, '0');
}

/**
 * Joins kinds, each to those beside it, until every stratum is large enough for a few of a sample of this size, which is
 * at least 2. So there are at most half as many strata as originals in the sample.
 */
export function groupsOf(kinds: readonly Kind[], size: number): readonly Group[] {
  const whole = sumOf(kinds);
  const groups: Kind[][] = [];
  let open: Kind[] = [];
  for (const kind of [...kinds].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    open.push(kind);
    if (shareOf(sumOf(open), whole) * size < PER_STRATUM) continue;
    groups.push(open);
    open = [];
  }
  // What is left at the end is too small by itself.
  groups.push([...(groups.pop() ?? []), ...open]);
  return groups.map((members) => {
    const { originals, ...expected } = sumOf(members);
    return { kinds: members, originals, expected, share: shareOf(expected, whole) };
  });
}

function sumOf(kinds: readonly Kind[]): Expected & { originals: number } {
  const sum = { originals: 0, cpuSeconds: 0, bytes: 0 };
  for (const { originals, cpuSeconds, bytes } of kinds) {
    sum.originals += originals;
    sum.cpuSeconds += cpuSeconds;
    sum.bytes += bytes;
  }
  return sum;
}

function shareOf(part: Expected, whole: Expected): number {
  const share = (a: number, b: number) => (b === 0 ? 0 : a / b);
  return (share(part.cpuSeconds, whole.cpuSeconds) + share(part.bytes, whole.bytes)) / 2;
}
