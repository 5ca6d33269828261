import process from 'node:process';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Paced, RunEvent } from '../model/events.js';
import type { Output, ReportOptions } from './reporter.js';
import { plural, showCount, showDuration, showRate, showUsd } from './format.js';

/** Where there is no terminal a line tells how far the run is, every so many seconds. */
const LINE_EVERY = 60;

/** The rate is that of the last so many seconds, as the first originals tell little about the last. */
const RATE_WINDOW = 30;

/**
 * How far the run is, drawn on stderr where that is a terminal, else told there from time to time. Until what there is to do has been
 * counted, or planned to its end, the total grows and is marked with a plus; an ETA is told only when the total is known.
 */
export class Progress {
  readonly #output: Output;
  /** The library's frame for several bars, as that one can print lines above them. */
  readonly #frame: MultiBar | null;
  readonly #rate = new RecentRate();
  #bar: SingleBar | null = null;
  /** Whatever ends the program, the terminal is left as it was. */
  readonly #atExit = (): void => this.close();
  #lines: NodeJS.Timeout | undefined;
  readonly #quiet: boolean;
  #planned = 0;
  #counted: number | null = null;
  #listed = 0;
  #ended = false;
  #done = 0;
  #failed = 0;
  #pace: Paced | null = null;
  /** The original whose outcomes are being told; they come together. */
  #current: string | null = null;

  constructor(output: Output, { quiet }: ReportOptions) {
    this.#output = output;
    this.#quiet = quiet;
    this.#frame = output.stderr.isTTY && !quiet ? newFrame(output) : null;
    this.#frame?.on('update-pre', () => this.#refresh());
  }

  #begin(): void {
    this.#bar = this.#frame?.create(1, 0, this.#payload()) ?? null;
    if (this.#bar !== null) process.once('exit', this.#atExit);
    if (this.#frame !== null || this.#quiet) return;
    this.#rate.add(0);
    this.#lines = setInterval(() => {
      this.#refresh();
      this.note(this.#payload().text);
    }, LINE_EVERY * 1000).unref();
  }

  /** Originals that are made or have failed. */
  get done(): number {
    // One of which something is told early, and something more when it is tried again, has come twice.
    const { total, known } = this.#total;
    return known ? Math.min(this.#done, total) : this.#done;
  }

  event(event: RunEvent): void {
    if (event.type === 'run' && !event.dryRun) this.#begin();
    if (event.type === 'planned') {
      this.#planned = event.jobs;
      this.#listed = event.listed;
      this.#ended = event.ended;
    }
    if (event.type === 'outcome') {
      if (event.original !== this.#current) this.#done += 1;
      this.#current = event.original;
      if (event.result === 'failed') this.#failed += 1;
    }
    if (event.type === 'counted') this.#counted = event.jobs;
    if (event.type === 'paced') this.#pace = event;
    if (event.type === 'summary') this.close();
  }

  stopping(): void {
    this.note('Finishing what is in flight; Ctrl-C again stops at once.');
  }

  /** A line above the bar. */
  note(text: string): void {
    if (this.#bar === null) this.#output.stderr.write(`${text}\n`);
    else this.#frame?.log(`${text}\n`);
  }

  close(): void {
    clearInterval(this.#lines);
    process.off('exit', this.#atExit);
    if (this.#bar !== null) {
      // Writes the notes of the last moment, which `stop` leaves out.
      this.#frame?.update();
      this.#frame?.stop();
    }
    this.#bar = null;
  }

  #refresh(): void {
    // Until the first is done, what takes the time is not what will.
    if (this.#bar === null || this.#done > 0) this.#rate.add(this.#done);
    const { total } = this.#total;
    this.#bar?.setTotal(Math.max(total, 1));
    this.#bar?.update(Math.min(this.#done, total), this.#payload());
  }

  /** The plan knows best once it has come to its end; what was counted may have changed since. */
  get #total(): { readonly total: number; readonly known: boolean } {
    if (this.#ended || this.#counted === null) return { total: this.#planned, known: this.#ended };
    return { total: Math.max(this.#planned, this.#counted), known: true };
  }

  #payload(): { text: string } {
    const rate = this.#rate.perSecond;
    const { total, known } = this.#total;
    const count = `${showCount(this.done)}/${showCount(total)}${known ? '' : '+'} originals`;
    const speed = rate > 0 ? `${showRate(rate)}/s` : 'starting';
    const eta = known ? rate > 0 && `${showDuration((total - this.done) / rate)} left` : `${showCount(this.#listed)} listed`;
    const failures = this.#failed > 0 && plural(this.#failed, 'failure');
    return { text: [count, speed, eta, failures, ...paceWords(this.#pace)].filter(Boolean).join('  ') };
  }
}

function paceWords(pace: Paced | null): (string | false)[] {
  if (pace === null) return [];
  const { inFlight, concurrency, throttles, usd } = pace;
  return [`${showCount(inFlight)}/${showCount(concurrency)} in flight`, throttles > 0 && plural(throttles, 'throttle'), usd !== null && showUsd(usd)];
}

function newFrame({ stderr }: Output): MultiBar {
  return new MultiBar({
    stream: stderr,
    format: '{bar} {text}',
    barsize: 20,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    hideCursor: true,
    // The bar is cut to the width of the terminal all the same; but a note that is longer shall be readable to its end.
    linewrap: true,
    gracefulExit: false,
  });
}

/** Originals a second over the last RATE_WINDOW seconds. */
class RecentRate {
  readonly #samples: { readonly at: number; readonly done: number }[] = [];

  add(done: number): void {
    const at = performance.now() / 1000;
    this.#samples.push({ at, done });
    while (this.#samples.length > 2 && at - (this.#samples[0]?.at ?? at) > RATE_WINDOW) this.#samples.shift();
  }

  get perSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at === first.at) return 0;
    return (last.done - first.done) / (last.at - first.at);
  }
}
