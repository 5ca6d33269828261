import type { Job } from '../model/job.js';
import { expectedOf, type Expected } from './expected.js';
import { groupsOf, kindOf, otherKindOf, type Group, type Kind } from './strata.js';

/** Part of the originals, much alike, and those of them that stand for it. */
export interface Stratum {
  readonly originals: number;
  /** What the model of work expects of all of them. */
  readonly expected: Expected;
  /** At least two, unless it has only one. */
  readonly chosen: readonly Job[];
}

/** More kinds than most runs have: a few extensions, some twelve sizes, a few sets of specs that are due. */
const KINDS = 128;

/**
 * Chooses a sample of the planned jobs while they pass by once, however many. Of each kind (what is due, extension,
 * listed size) some are kept, drawn evenly. In the end small kinds are joined to strata, and of each stratum as many are
 * chosen as its part in the expected work demands. Memory: at most `size` jobs for each of fewer than 200 kinds.
 */
export class Sampler {
  readonly #size: number;
  readonly #random: () => number;
  readonly #kinds = new Map<string, Kind>();

  /**
   * @param size how many to choose; at least 2, as one by itself does not show how much they differ
   * @param random evenly from 0 to below 1
   */
  constructor(size: number, random: () => number) {
    if (!Number.isInteger(size) || size < 2) throw new RangeError(`a sample of ${size}`);
    this.#size = size;
    this.#random = random;
  }

  add(job: Job): void {
    const expected = expectedOf(job);
    const kind = this.#kindFor(job, expected);
    kind.originals++;
    kind.cpuSeconds += expected.cpuSeconds;
    kind.bytes += expected.bytes;
    // Each of those that passed is kept with the same probability (algorithm R).
    const place = kind.originals <= this.#size ? kind.kept.length : Math.floor(this.#random() * kind.originals);
    if (place < this.#size) kind.kept[place] = job;
  }

  /** All when there are no more than `size`; none when nothing was added. Draws anew at every call. */
  choose(): readonly Stratum[] {
    if (this.#kinds.size === 0) return [];
    const groups = groupsOf([...this.#kinds.values()], this.#size);
    const counts = countsFor(groups, this.#size);
    return groups.map(({ kinds, originals, expected }, i) => ({
      originals,
      expected,
      chosen: drawn(kinds, counts[i] ?? 0, this.#random),
    }));
  }

  /** How many jobs it holds at present. */
  get held(): number {
    return [...this.#kinds.values()].reduce((sum, { kept }) => sum + kept.length, 0);
  }

  #kindFor(job: Job, expected: Expected): Kind {
    let name = kindOf(job);
    if (this.#kinds.size >= KINDS && !this.#kinds.has(name)) name = otherKindOf(expected);
    let kind = this.#kinds.get(name);
    if (kind === undefined) {
      kind = { name, originals: 0, cpuSeconds: 0, bytes: 0, kept: [] };
      this.#kinds.set(name, kind);
    }
    return kind;
  }
}

/** Two for each; every further one goes where a single original stands for most of the work. */
function countsFor(groups: readonly Group[], size: number): readonly number[] {
  const counts = groups.map(({ originals }) => Math.min(2, originals));
  const all = groups.reduce((sum, { originals }) => sum + originals, 0);
  for (let given = counts.reduce((a, b) => a + b, 0); given < Math.min(size, all); given++) {
    let most = -1;
    let next = 0;
    for (const [j, { originals, share }] of groups.entries()) {
      const count = counts[j] ?? 0;
      if (count < originals && share / count > most) [most, next] = [share / count, j];
    }
    counts[next] = (counts[next] ?? 0) + 1;
  }
  return counts;
}

/** So many of all originals of these kinds, each with the same probability. What is kept of a kind is enough for that. */
function drawn(kinds: readonly Kind[], count: number, random: () => number): readonly Job[] {
  const left = kinds.map(({ originals, kept }) => ({ originals, kept: [...kept] }));
  const chosen: Job[] = [];
  let all = left.reduce((sum, { originals }) => sum + originals, 0);
  while (chosen.length < count) {
    let place = Math.floor(random() * all);
    const kind = left.find(({ originals }) => (place -= originals) < 0);
    const [job] = kind?.kept.splice(Math.floor(random() * kind.kept.length), 1) ?? [];
    if (kind === undefined || job === undefined) throw new Error('a kind with fewer originals than it was said to have');
    kind.originals--;
    all--;
    chosen.push(job);
  }
  return chosen;
}
