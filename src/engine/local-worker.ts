/**
 * The worker process of the local engine. It takes jobs from its parent and does them with work/; a crash in native code
 * ends this process and not the run.
 */
import { configureImageLibrary } from '../image/configure.js';
import { parseLocation } from '../model/location.js';
import { openStore } from '../store/open.js';
import { makeVariants, type Workplace } from '../work/make-variants.js';
import type { FromWorker, ToWorker } from './messages.js';

// Ctrl-C reaches every process of the terminal; the parent decides what to finish. Without a parent, nobody counts.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit(0));

let place: Workplace | undefined;

process.on('message', (message: ToWorker) => {
  if (message.type === 'setup') {
    const { originals, variants, limits } = message.setup;
    configureImageLibrary();
    place = {
      originals: openStore(parseLocation(originals, '/')),
      variants: openStore(parseLocation(variants, '/')),
      limits,
    };
    say({ type: 'ready' });
  } else if (place !== undefined) {
    const { id } = message;
    makeVariants(message.job, place).then(
      (result) => say({ type: 'result', id, result }),
      (error: unknown) => say({ type: 'bug', id, stack: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  }
});

function say(message: FromWorker): void {
  // The parent may have gone; then this process is about to end as well.
  if (process.connected) process.send?.(message, () => undefined);
}
