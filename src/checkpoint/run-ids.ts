import { randomBytes } from 'node:crypto';
import type { OwnFiles } from '../store/own-files.js';

/** Runs sort by their ids. */
const FOLDER = 'runs/';

const ID = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[0-9a-f]{6}$/;

/** By this machine's clock: 20261123T130512345Z-3fa9c1. */
export function newRunId(at: number = Date.now()): string {
  const time = new Date(at).toISOString().replace(/[-:.]/g, '');
  return `${time}-${randomBytes(3).toString('hex')}`;
}

/** This id, or where the last run has one behind it, as the clock of its machine was ahead, the next one after that: by its id a run is found to be the last. */
export function idAfter(last: string | undefined, id: string): string {
  if (last === undefined || last < id || !ID.test(last)) return id;
  return newRunId(Date.parse(last.replace(ID, '$1-$2-$3T$4:$5:$6.$7Z')) + 1);
}

/** The ids of all runs of a root, the oldest first. */
export async function runIds(own: OwnFiles): Promise<readonly string[]> {
  const names = await own.list(FOLDER);
  return names.flatMap((name) => /^runs\/([\w-]+)\.json$/.exec(name)?.[1] ?? []);
}

/** Where the record of a run is kept. */
export function nameOf(id: string): string {
  return `${FOLDER}${id}.json`;
}
