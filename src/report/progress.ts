import { SingleBar } from 'cli-progress';
import type { RunEvent } from '../model/events.js';
import type { Output, ReportOptions } from './reporter.js';
import { plural, showCount, showDuration, showRate } from './format.js';

/** Milliseconds between two looks at the rate. */
const REDRAW = 200;

/** The rate is that of the last so many seconds, as the first originals tell little about the last. */
const RATE_WINDOW = 30;

/**
 * How far the run is, drawn on stderr where that is a terminal. The total grows while the listing goes on, and is then
 * marked with a plus; an ETA is told only when the total is known.
 */
export class Progress {
  readonly #output: Output;
  readonly #bar: SingleBar | null;
  readonly #timer: NodeJS.Timeout | null = null;
  readonly #rate = new RecentRate();
  #total = 0;
  #listed = 0;
  #ended = false;
  #done = 0;
  #failed = 0;
  /** The original whose outcomes are being told; they come together. */
  #current: string | null = null;

  constructor(output: Output, { quiet }: ReportOptions) {
    this.#output = output;
    this.#bar = output.stderr.isTTY && !quiet ? newBar(output) : null;
    if (this.#bar !== null) this.#timer = setInterval(() => this.#draw(), REDRAW).unref();
  }

  event(event: RunEvent): void {
    if (event.type === 'run') this.#bar?.start(0, 0, this.#payload());
    if (event.type === 'planned') {
      this.#total = event.jobs;
      this.#listed = event.listed;
      this.#ended = event.ended;
    }
    if (event.type === 'outcome') {
      if (event.original !== this.#current) this.#done += 1;
      this.#current = event.original;
      if (event.result === 'failed') this.#failed += 1;
    }
    if (event.type === 'summary') this.close();
  }

  stopping(): void {
    this.note('Stopping: finishing what is in flight. Press Ctrl-C again to stop at once.');
  }

  /** A line above the bar. */
  note(text: string): void {
    if (this.#bar?.isActive === true) this.#output.stderr.write('\r\u001b[K');
    this.#output.stderr.write(`${text}\n`);
    this.#draw();
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#bar?.isActive === true) this.#bar.stop();
  }

  #draw(): void {
    if (this.#bar?.isActive !== true) return;
    this.#rate.add(this.#done);
    this.#bar.setTotal(Math.max(this.#total, 1));
    this.#bar.update(Math.min(this.#done, this.#total), this.#payload());
  }

  #payload(): { text: string } {
    const rate = this.#rate.perSecond;
    const count = `${showCount(this.#done)}/${showCount(this.#total)}${this.#ended ? '' : '+'} originals`;
    const speed = rate > 0 ? `${showRate(rate)}/s` : 'starting';
    const eta = this.#ended ? rate > 0 && `${showDuration((this.#total - this.#done) / rate)} left` : `${showCount(this.#listed)} listed`;
    const failures = this.#failed > 0 && plural(this.#failed, 'failure');
    return { text: [count, speed, eta, failures].filter(Boolean).join('  ') };
  }
}

function newBar({ stderr }: Output): SingleBar {
  return new SingleBar({
    stream: stderr,
    format: '{bar} {text}',
    barsize: 20,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    stopOnComplete: false,
    hideCursor: true,
    forceRedraw: true,
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
