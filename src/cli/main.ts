import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { UserError } from '../model/user-error.js';
import { showJson, showKey } from '../report/format.js';
import type { Output } from '../report/reporter.js';
import { commandsFor } from './commands.js';
import { ExitCode } from './exit-code.js';
import { version } from './version.js';

/**
 * The command line. Every error becomes an exit code here: a user's mistake is one sentence and 2, a bug is a stack trace
 * and 1.
 * @param args without the program's own name
 */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const { stdout, stderr } = process;
  // Else the SDK writes a warning about Node 20 between our lines; workers inherit it.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const output: Output = { stdout, stderr, color: wantsColor() };
  endWithOutput(stdout, output);
  endWithOutput(stderr, output);
  try {
    return await parse(args, output);
  } catch (error) {
    return tell(error, args.includes('--json'), output);
  }
}

/** Commander has told its own errors already. */
function tell(error: unknown, json: boolean, { stdout, stderr }: Output): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.done;
  const { code, message } = describe(error);
  if (json) stdout.write(`${showJson({ type: 'error', code, message })}\n`);
  if (error instanceof CommanderError) return ExitCode.usage;
  if (error instanceof UserError) {
    stderr.write(`imgvar: ${showLines(message)}\n`);
    return error.code === 'locked' ? ExitCode.locked : ExitCode.usage;
  }
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  stderr.write(`imgvar: this is a bug in imgvar.\n${showLines(stack)}\n`);
  return ExitCode.bug;
}

function describe(error: unknown): { code: string; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UserError) return { code: error.code, message };
  if (error instanceof CommanderError) return { code: 'usage', message: message.replace(/^error: /, '') };
  return { code: 'bug', message };
}

async function parse(args: readonly string[], output: Output): Promise<ExitCode> {
  let code: ExitCode = ExitCode.done;
  const exit = (ended: ExitCode): void => {
    code = ended;
  };
  const program = new Command('imgvar')
    .description('Backfills and reprocesses image variants: finds what is missing or out of date, and makes it.')
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(showLines(text.replace(/^error: /, 'imgvar: '))) })
    .showHelpAfterError('(see imgvar --help)')
    .addHelpText('after', '\nExamples:\n  imgvar reprocess photos variants   make what is missing or out of date\n  imgvar reprocess --help            all options, with examples');
  for (const addCommand of await commandsFor(args)) addCommand(program, output, exit);
  await program.parseAsync(args, { from: 'user' });
  return code;
}

/** https://no-color.org: any value but the empty one. Results on stdout are coloured for a terminal only. */
function wantsColor(): boolean {
  const { NO_COLOR = '', TERM } = process.env;
  return process.stdout.isTTY === true && NO_COLOR === '' && TERM !== 'dumb';
}

/** Messages may hold keys and file names: line ends are meant, other control characters are not. */
function showLines(text: string): string {
  return text.split('\n').map(showKey).join('\n');
}

/**
 * `imgvar … | head` closes the pipe early. We end as a program does that knows nothing of pipes: at once, and not well. Where
 * the system takes no output for another reason, such as a full disk, that is for a person to mend.
 */
function endWithOutput(stream: NodeJS.WriteStream, { stderr }: Output): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    const { code, syscall } = error;
    if (code === 'EPIPE') process.exit(ExitCode.brokenPipe);
    if (code === undefined || syscall === undefined) throw error;
    const next = code === 'ENOSPC' || code === 'EDQUOT' ? 'make room there' : 'send it elsewhere';
    // At the exit, as the progress bar is taken from the terminal then, before this is told.
    process.once('exit', () => void stderr.write(`imgvar: The output cannot be written (${code}); ${next}, and run the same command again.\n`));
    process.exit(ExitCode.usage);
  });
}
