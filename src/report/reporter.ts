import type { RunEvent } from '../model/events.js';

/** Shows a run to whoever started it. */
export interface Reporter {
  event(event: RunEvent): void;
  /** The first Ctrl-C was pressed: what is in flight is being finished. */
  stopping(): void;
  /** Leaves the terminal as it was; to be called however the run ends. */
  close(): void;
}

/** Where results go, and where progress and messages go. */
export interface Output {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** NO_COLOR and the like are read in cli/. */
  readonly color: boolean;
}

export interface ReportOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
}
