import process from 'node:process';
import type { Command } from 'commander';
import { stateOf } from '../checkpoint/history.js';
import { lastRecord } from '../checkpoint/run-record.js';
import { parseLayout } from '../model/layout.js';
import { parseLocation } from '../model/location.js';
import { UserError } from '../model/user-error.js';
import { showKey } from '../report/format.js';
import type { Output } from '../report/reporter.js';
import { gatherReport } from '../run/report.js';
import { openStore } from '../store/open.js';
import { ExitCode } from './exit-code.js';
import { addLookBackOptions, openRoot, runOf, warningOn, type LookBackOptions } from './look-back.js';
import { count } from './options.js';
import { pageFile, refuseOthers, writePage, type PageOptions } from './page-file.js';
import { addPricingOptions, pricingFlags, type CostOptions } from './cost-options.js';
import { pricingOf } from './pricing.js';
import { s3Settings } from './s3-settings.js';
import { withScratch } from './scratch.js';

interface ReportFlags extends LookBackOptions, PageOptions, CostOptions {
  readonly to?: string;
}

/** Originals that are shown and measured. */
const SAMPLE = 6;

const EXAMPLES = `
Examples:
  imgvar report --open                      the last run, in a browser
  imgvar report 20261123T130512345Z-3fa9c1     this run; imgvar status names them
  imgvar report --sample 0 --out run.html   without pictures: no original is read`;

export function addReport(program: Command, output: Output, exit: (code: number) => void): void {
  const command = program
    .command('report')
    .summary('write a page about a run, to look at')
    .description('Writes one HTML file about a run: numbers, cost, how it went, failures, bytes by spec, and pictures. It needs no network.')
    .argument('[run]', 'a run\'s id (default: the last run)')
    .option('--to <location>', 'where the variants are (default: the config\'s)')
    .option('--out <file>', 'the file to write (default: imgvar-report-RUN.html here)')
    .option('--open', 'show it in a browser')
    .option('--sample <n>', `originals to show, and to measure as webp and avif (default: ${SAMPLE}; 0: none)`, count);
  addPricingOptions(addLookBackOptions(command, { json: false }))
    .addHelpText('after', EXAMPLES)
    .action(async (id: string | undefined, flags: ReportFlags) => {
      await report(id, flags, output);
      exit(ExitCode.done);
    });
}

async function report(id: string | undefined, flags: ReportFlags, output: Output): Promise<void> {
  const root = await openRoot(flags.to, flags);
  const { checkpoint, config, variants } = root;
  const last = await lastRecord(checkpoint, variants, warningOn(output));
  const record = id === undefined ? last : await runOf(root, id);
  if (record === undefined) throw new UserError('usage', `No runs are remembered in ${variants}; imgvar reprocess makes one.`);
  const { identity } = record;
  const name = `imgvar-report-${showKey(record.id)}.html`;
  await refuseOthers(pageFile(name, flags));
  const cwd = process.cwd();
  const s3 = s3Settings(flags, config.s3, process.env, 2);
  const specs = config.specs.filter(({ name }) => name in identity.specs);
  const sample = flags.sample ?? SAMPLE;
  // Loaded only here, as drawing charts takes a whole document object model.
  const { runReportPage } = await import('../report/html/run-report.js');
  const page = await withScratch(config, s3, async (scratch) =>
    runReportPage(
      await gatherReport({
        checkpoint,
        record,
        state: stateOf(record, record.id === last?.id, (await root.holder()) !== null),
        originals: await openStore(parseLocation(identity.originals, cwd), s3),
        variants: await openStore(parseLocation(variants, cwd), s3),
        layout: parseLayout(identity.layout, specs.map(({ name }) => name)),
        specs,
        scratch: scratch.store,
        shrink: (from) => scratch.engineFrom(from === 'originals' ? identity.originals : variants),
        trial: scratch.engineFrom(identity.originals, 'trial'),
        pricing: await pricingOf(pricingFlags({ ...flags, sample: undefined }), config, cwd, record.invoked.invocations > 0 ? 'lambda' : 'local', { cores: 1, connections: 1 }),
        sample: specs.length === 0 ? 0 : sample,
      }),
    ),
  );
  await writePage(page, name, flags, output);
}
