import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { start } from '../cli/imgvar.js';

/** An outcome as docs/json.md has it. */
export interface Line {
  readonly type: string;
  readonly original: string;
  /** The name of a spec; null for all that were due. */
  readonly variant: string | null;
  readonly result: 'made' | 'failed';
  /** Of the variant that was made. */
  readonly key?: string;
  /** Of the failure. */
  readonly code?: string;
}

/** What became of one original. */
export interface Told {
  readonly outcomes: readonly Line[];
  /** From the outcome before it, of another original. */
  readonly seconds: number;
}

export interface Bulk {
  readonly code: number | null;
  readonly stderr: string;
  readonly summary: Record<string, unknown> | undefined;
  readonly told: ReadonlyMap<string, Told>;
  readonly seconds: number;
  /** The most memory that a worker ever had, in bytes, and the original that it had then; null where the system does not say. */
  readonly peak: { readonly bytes: number; readonly original: string } | null;
  /** Worker processes that were seen, and those that still live. */
  readonly workers: readonly number[];
  readonly workersLeft: readonly number[];
}

/**
 * One run of the built program over a folder, one original at a time, so that the time and the memory that each takes can
 * be told.
 */
export async function runBulk(folder: string, args: readonly string[]): Promise<Bulk> {
  const began = performance.now();
  const { child, ended } = start(['reprocess', '--json', '--concurrency', '1', '--max-failures', '100%', ...args], folder);
  const told = new Map<string, { outcomes: Line[]; seconds: number }>();
  const workers = new Set<number>();
  let peak: Bulk['peak'] = null;
  let last = { original: '', at: performance.now() };
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  lines.on('line', (text) => {
    const line = JSON.parse(text) as Line;
    if (line.type !== 'outcome') return;
    const { original } = line;
    const entry = told.get(original) ?? { outcomes: [], seconds: 0 };
    told.set(original, entry);
    entry.outcomes.push(line);
    if (original === last.original) return;
    const now = performance.now();
    entry.seconds = (now - last.at) / 1000;
    last = { original, at: now };
    for (const worker of childrenOf(child.pid)) {
      workers.add(worker);
      const bytes = peakOf(worker);
      if (bytes !== null && bytes > (peak?.bytes ?? 0)) peak = { bytes, original };
    }
  });
  const { code, stderr, json } = await ended;
  const summary = json().at(-1);
  const seconds = (performance.now() - began) / 1000;
  return { code, stderr, summary, told, seconds, peak, workers: [...workers], workersLeft: [...workers].filter((pid) => peakOf(pid) !== null) };
}

/** Linux alone tells these; elsewhere there are none. */
function childrenOf(pid: number | undefined): number[] {
  return (read(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number);
}

/** In bytes; null for a process that has ended. */
function peakOf(pid: number): number | null {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '') ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
