import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { changedSpecs, withEras, type Eras } from '../model/ledger.js';
import { FORMATS, type Spec } from '../model/spec.js';
import { UserError } from '../model/user-error.js';
import type { OwnFiles } from '../store/own-files.js';
import { freshMoment } from './clock.js';
import { parseOwn, sealed, timeSchema } from './parse-own.js';

/** The ledger's file; docs/checkpoint-format.md. */
const LEDGER = 'specs.json';
const CLOCK = 'clock';

const ledgerSchema = z.object({
  format: z.literal(1),
  originals: z.string(),
  layout: z.string(),
  /** The clock file as it was when the ledger was written: its content, and its time by the store. */
  clock: z.object({ id: z.string(), time: timeSchema }),
  specs: z.record(z.string(), z.array(z.object({ fingerprint: z.string(), since: timeSchema, format: z.enum(FORMATS).optional() })).min(1)),
});

type Ledger = z.output<typeof ledgerSchema>;

/** What a run is about to write. */
export interface Writing {
  /** Where the root is, as a person writes it. */
  readonly variants: string;
  /** What is written there, in a word. Default: variants. */
  readonly noun?: 'copies';
  readonly originals: string;
  readonly layout: string;
  /** All specs of the config. */
  readonly all: readonly Spec[];
  /** Those that this run writes. */
  readonly chosen: readonly Spec[];
  /** Whether somebody chose them, by a config or a preset. */
  readonly deliberate: boolean;
  /** Take all that exists as made by the present specs; null: not, and what is undertaken cannot be told to. */
  readonly adopt: boolean | null;
}

/** The eras of a root, and whether there was a ledger at all. */
export interface Opened {
  readonly eras: Eras;
  readonly isNew: boolean;
}

/**
 * What a dry run may know: the eras as they would be once this run began to write. Writes nothing.
 * @throws UserError as `appendEras`
 */
export async function foreseeEras(own: OwnFiles, writing: Writing): Promise<Opened> {
  const { ledger, eras } = await checkedLedger(own, writing);
  // Nothing that exists can be of an era that has not begun.
  return { eras: nextEras(eras, writing, Number.MAX_SAFE_INTEGER), isNew: ledger === undefined };
}

/**
 * Begins an era for each spec that changed and that this run will write. Call it before the first write, with the lock.
 * @throws UserError `ledger-mismatch` for other originals or another layout, a root that was copied or restored, or
 *   defaults where a config was used; `ledger-damaged`
 */
export async function appendEras(own: OwnFiles, writing: Writing): Promise<Opened> {
  const { ledger, eras } = await checkedLedger(own, writing);
  const begins = changedSpecs(eras, writing.chosen).length > 0;
  const next = nextEras(eras, writing, begins ? await freshMoment(own) : 0);
  if (ledger === undefined || next !== eras) await writeLedger(own, writing, next);
  return { eras: next, isNew: ledger === undefined };
}

/**
 * Whether a spec has changed since it was last written, so that writing begins an era. Writes nothing.
 * @throws UserError as `appendEras`
 */
export async function beginsEra(own: OwnFiles, writing: Writing): Promise<boolean> {
  const { eras } = await checkedLedger(own, writing);
  return changedSpecs(eras, writing.chosen).length > 0;
}

function nextEras(eras: Eras, { all, chosen }: Writing, since: number): Eras {
  const added = all.filter(({ name }) => !eras.has(name));
  const changed = changedSpecs(eras, chosen);
  return added.length + changed.length === 0 ? eras : withEras(withEras(eras, added, 0), changed, since);
}

async function checkedLedger(own: OwnFiles, writing: Writing): Promise<{ ledger: Ledger | undefined; eras: Eras }> {
  const file = await own.read(LEDGER);
  const ledger = file === undefined ? undefined : parseOwn(file.bytes, ledgerSchema);
  if (writing.adopt === true) return { ledger: undefined, eras: ledger === undefined ? new Map() : await erasOfOthers(own, writing, ledger) };
  if (file === undefined) return { ledger: undefined, eras: new Map() };
  if (ledger === undefined) {
    throw new UserError('ledger-damaged', `${own.location}${LEDGER} is damaged; restore it, or ${adoption(writing)}, if the ${nounOf(writing)} are right as they are.`);
  }
  if (ledger.originals !== writing.originals) throw mismatch(writing, `were made of other originals, ${ledger.originals}`);
  if (ledger.layout !== writing.layout) throw mismatch(writing, `have another layout, "${ledger.layout}"`);
  if (await wasCopied(own, ledger)) throw mismatch(writing, 'seem to have been copied or restored, so that their times tell nothing');
  const eras: Eras = new Map(Object.entries(ledger.specs));
  if (!writing.deliberate && changedSpecs(eras, writing.chosen).length + writing.chosen.filter(({ name }) => !eras.has(name)).length > 0) {
    throw new UserError(
      'ledger-mismatch',
      `The variants in ${writing.variants} were made by a config that is not here; name it with --config, or choose --preset levels.`,
    );
  }
  return { ledger, eras };
}

/** All objects of a root that was copied or restored have new times, so that no era fits any more. */
async function wasCopied(own: OwnFiles, { clock }: Ledger): Promise<boolean> {
  const file = await own.read(CLOCK);
  // Another content was written by a run that ended before it wrote the ledger.
  if (file !== undefined && file.bytes.toString() !== clock.id) return false;
  return file?.lastModified !== clock.time;
}

/** Adopted are the specs of the config. Of others it stays known by what they were written, should they come back. */
async function erasOfOthers(own: OwnFiles, { all }: Writing, ledger: Ledger): Promise<Eras> {
  const copied = await wasCopied(own, ledger);
  const others = Object.entries(ledger.specs).filter(([name]) => !all.some((spec) => spec.name === name));
  // Where times tell nothing any more, all of them pass for the last ones.
  return new Map(others.map(([name, eras]) => [name, copied ? eras.slice(-1).map((era) => ({ ...era, since: 0 })) : eras]));
}

async function writeLedger(own: OwnFiles, { originals, layout }: Writing, eras: Eras): Promise<void> {
  const id = randomUUID();
  await own.write(CLOCK, Buffer.from(id));
  const time = (await own.read(CLOCK))?.lastModified ?? 0;
  const ledger = { format: 1, originals, layout, clock: { id, time }, specs: Object.fromEntries(eras) };
  await own.write(LEDGER, Buffer.from(`${JSON.stringify(sealed(ledger), null, 2)}\n`));
}

function mismatch(writing: Writing, how: string): UserError {
  return new UserError('ledger-mismatch', `The ${nounOf(writing)} in ${writing.variants} ${how}; if they are right as they are, ${adoption(writing)}.`);
}

function nounOf({ noun }: Writing): string {
  return noun ?? 'variants';
}

function adoption({ adopt }: Writing): string {
  return adopt === null ? 'take them so first, with imgvar reprocess --adopt' : 'say --adopt';
}
