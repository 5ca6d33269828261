import { availableParallelism } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { loadConfig } from '../config/load.js';
import { liveJson, liveText } from '../report/live.js';
import type { Output } from '../report/reporter.js';
import { ExitCode } from './exit-code.js';
import { onInterrupt } from './interrupt.js';
import { version } from './version.js';

interface DevFlags {
  readonly port: number;
  readonly config?: string;
  readonly preset?: string;
  readonly adopt?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  imgvar dev                          in ./imgvar-dev; open http://127.0.0.1:8080 and drop a photograph
  imgvar dev ~/try --port 0           in another folder, on any free port
  cp photo.jpg imgvar-dev/originals/  uploads it, as does
  curl -T photo.jpg http://127.0.0.1:8080/uploads/images/original/photo.jpg`;

const DESCRIPTION =
  'The live system on this machine, with no cloud: what is put into FOLDER/originals, dropped onto the page, or sent by HTTP, ' +
  'gets its variants and its backup from the functions that are deployed to Lambda, and is delivered under the same paths as ' +
  'by the distribution. Nobody but this machine reaches it.';

export function addDev(program: Command, output: Output, exit: (code: number) => void): void {
  program
    .command('dev')
    .summary('the live system on this machine, with no cloud')
    .description(DESCRIPTION)
    .argument('[folder]', 'where originals, variants and backup are', 'imgvar-dev')
    .option('--port <n>', 'of 127.0.0.1; 0: any that is free', portNumber, 8080)
    .option('-c, --config <file>', 'config file (default: imgvar.config.json, found upwards from here)')
    .addOption(new Option('--preset <name>', 'a named set of specs').choices(['levels']))
    .option('--adopt', 'take what exists as made by the present specs')
    .option('--json', 'JSON lines on stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, flags: DevFlags) => exit(await dev(folder, flags, output)));
}

/** Ends when it is interrupted, which is how it is meant to end. */
async function dev(folder: string, { port, config: file, preset, adopt = false, json = false }: DevFlags, output: Output): Promise<ExitCode> {
  const cwd = process.cwd();
  const config = await loadConfig({ file, preset, cwd });
  const { startDev } = await import('../dev/dev.js');
  let kill = (): void => undefined;
  const interrupt = onInterrupt(
    () => output.stderr.write('Stopping: what is under way is finished. Ctrl-C again stops at once.\n'),
    () => kill(),
  );
  try {
    const live = await startDev({
      folder: path.resolve(cwd, folder),
      config,
      version: version(),
      port,
      concurrency: availableParallelism(),
      env: process.env,
      adopt,
      onEvent: (json ? liveJson : liveText)(output),
    });
    kill = () => live.kill();
    const ended = Promise.race([live.failed, stopped(interrupt.signal)]);
    await ended.catch(() => live.kill());
    // Also after a bug: what listens and looks keeps the process alive.
    await live.close();
    await ended;
    return ExitCode.done;
  } finally {
    kill();
    interrupt.release();
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function portNumber(value: string): number {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535) throw new InvalidArgumentError('Give a number from 0 to 65535.');
  return port;
}
