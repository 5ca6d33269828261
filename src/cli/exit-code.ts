/** What the process ends with; documented in docs/exit-codes.md. */
export const ExitCode = {
  /** Everything that was due is made. */
  done: 0,
  /** A bug in imgvar. */
  bug: 1,
  /** A wrong command line, config or location; nothing was harmed. */
  usage: 2,
  /** The run came to its end, and some variants could not be made. */
  failures: 3,
  /** Stopped by a limit; the same command goes on. */
  stopped: 4,
  /** Another run has the variants. */
  locked: 5,
  /** Whoever read our output has gone (`| head`): ended at once, as by SIGPIPE. */
  brokenPipe: 141,
} as const;

/** One of the above, or 130 and 143 when interrupted. */
export type ExitCode = number;
