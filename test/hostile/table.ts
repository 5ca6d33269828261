import type { Bulk, Told } from './bulk.js';

/** What became of the originals, as a person reads it. */
export function table({ told, seconds, peak }: Bulk): string {
  const counts = new Map<string, number>();
  for (const { outcomes } of told.values()) {
    const ends = new Set(outcomes.map(({ result, code }) => code ?? result));
    const end = ends.has('made') && ends.size > 1 ? `made in part, ${[...ends].filter((code) => code !== 'made').join(', ')}` : [...ends].join(', ');
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  const [key, slowest] = [...told].reduce<readonly [string, Told | undefined]>((most, one) => (one[1].seconds > (most[1]?.seconds ?? -1) ? one : most), ['', undefined]);
  const rows = [...counts].sort(([, a], [, b]) => b - a).map(([end, count]) => `  ${String(count).padStart(7)}  ${end}`);
  return [
    `${told.size} originals in ${seconds.toFixed(1)} s`,
    ...rows,
    `  slowest   ${(slowest?.seconds ?? 0).toFixed(2)} s, ${key}`,
    `  memory    ${peak === null ? 'not known on this system' : `at most ${Math.round(peak.bytes / 2 ** 20)} MiB in a worker, at ${peak.original}`}`,
  ].join('\n');
}
