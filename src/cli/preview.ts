import process from 'node:process';
import { Option, type Command } from 'commander';
import { loadConfig } from '../config/load.js';
import { likenessOf } from '../engine/likeness.js';
import { Failure } from '../model/failure.js';
import { parseLayout } from '../model/layout.js';
import { parseLocation } from '../model/location.js';
import { UserError } from '../model/user-error.js';
import { showJson } from '../report/format.js';
import { previewPage } from '../report/html/preview.js';
import { previewJson } from '../report/preview-json.js';
import type { Output } from '../report/reporter.js';
import { makePreview } from '../run/preview.js';
import { openStore } from '../store/open.js';
import { statIfHeld } from '../store/stat-if-held.js';
import type { Store } from '../store/store.js';
import { fileOfDisk, type FoundOriginal } from './disk-file.js';
import { ExitCode } from './exit-code.js';
import { commaList } from './options.js';
import { originalKeys } from './original-keys.js';
import { pageFile, refuseOthers, writePage, type PageOptions } from './page-file.js';
import { s3Settings, type S3Options } from './s3-settings.js';
import { withScratch } from './scratch.js';
import { chosenSpecs } from './wire.js';

interface PreviewFlags extends S3Options, PageOptions {
  readonly from?: string;
  readonly to?: string;
  readonly config?: string;
  readonly preset?: string;
  readonly only?: readonly string[];
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  imgvar preview photo.jpg --open                one file, by the config's specs
  imgvar preview a1/b2.jpg --only square-small   an original, beside its variant as it is
  imgvar preview a1/b2.jpg --json | jq '.specs[] | {name, bytes, ssim}'`;

export function addPreview(program: Command, output: Output, exit: (code: number) => void): void {
  program
    .command('preview')
    .summary('see what the specs make of one original')
    .description('Makes one original by the specs as they stand, and shows it beside the variants that there are: pixels, bytes, SSIM. Writes one HTML file.')
    .argument('<key|file>', 'an original\'s key, or an image on this disk')
    .option('--from <location>', 'where the originals are (default: the config\'s)')
    .option('--to <location>', 'where the variants are (default: the config\'s)')
    .option('--out <file>', 'the file to write (default: imgvar-preview.html here)')
    .option('--open', 'show it in a browser')
    .option('-c, --config <file>', 'config file (default: imgvar.config.json, found upwards from here)')
    .addOption(new Option('--preset <name>', 'a named set of specs').choices(['levels']))
    .option('--only <name,...>', 'these specs only', commaList)
    .option('--endpoint-url <url>', 'S3 of another provider than AWS')
    .option('--region <name>', 'AWS region (default: the config\'s, AWS_REGION, the profile\'s)')
    .option('--profile <name>', 'named profile of ~/.aws')
    .option('--json', 'the numbers as a JSON line; no file is written')
    .addHelpText('after', EXAMPLES)
    .action(async (typed: string, flags: PreviewFlags) => {
      exit(await preview(typed, flags, output));
    });
}

async function preview(typed: string, flags: PreviewFlags, output: Output): Promise<ExitCode> {
  if (flags.json !== true) await refuseOthers(pageFile('imgvar-preview.html', flags));
  const cwd = process.cwd();
  const config = await loadConfig({ file: flags.config, preset: flags.preset, cwd });
  const s3 = s3Settings(flags, config.s3, process.env, 1);
  const from = flags.from === undefined ? config.originals : parseLocation(flags.from, cwd);
  const to = flags.to === undefined ? config.variants : parseLocation(flags.to, cwd);
  const { store, original } = await found(typed, from === undefined ? null : await openStore(from, s3), cwd);
  const specs = chosenSpecs(config.specs, flags.only);
  const made = await withScratch(config, s3, async (scratch) =>
    makePreview({
      original,
      variants: to === undefined ? null : await openStore(to, s3),
      layout: parseLayout(config.layout, config.specs.map(({ name }) => name)),
      specs,
      engine: scratch.engineFrom(store.location),
      scratch: scratch.store,
      likenessOf: (pairs) => likenessOf(pairs.map(([one, other]) => [scratch.file(one), scratch.file(other)] as const), process.env),
    }),
  );
  if (flags.json === true) output.stdout.write(`${showJson(previewJson(made))}\n`);
  else await writePage(previewPage(made), 'imgvar-preview.html', flags, output);
  return made.specs.every((spec) => spec.made !== null) ? ExitCode.done : ExitCode.failures;
}

/** An original by its key, else a file of this disk. @throws UserError */
async function found(typed: string, originals: Store | null, cwd: string): Promise<FoundOriginal> {
  if (originals !== null) {
    const [key = typed] = await originalKeys([typed], originals, cwd);
    const original = await statIfHeld(originals, key).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      throw new UserError('location-unreadable', `"${key}" in ${originals.location} cannot be looked at (${error.message}); allow reading it.`);
    });
    if (original !== undefined) return { store: originals, original };
  }
  const file = await fileOfDisk(typed, cwd);
  if (file !== undefined) return file;
  const where = originals === null ? 'no originals are known here; name them with --from' : `it is neither in ${originals.location} nor a file of this disk`;
  throw new UserError('usage', `There is no "${typed}": ${where}.`);
}
