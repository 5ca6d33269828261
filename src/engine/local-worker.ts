/**
 * The worker process of the local engine. It takes jobs from its parent and does them with work/; a crash in native code
 * ends this process and not the run.
 */
import type { Job } from '../model/job.js';
import type { JobResult } from '../model/outcome.js';
import { UserError } from '../model/user-error.js';
import type { Workshop } from '../work/workshop.js';
import type { FromWorker, ToWorker } from './messages.js';

// Ctrl-C reaches every process of the terminal; the parent decides what to finish. Without a parent, nobody counts.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit(0));

let workshop: Promise<Pick<Workshop, 'do'>> | undefined;

process.on('message', (message: ToWorker) => {
  if (message.type === 'setup') {
    const onTurn = (): void => say({ type: 'alive' });
    workshop = open(message, onTurn);
    // An error there is met by the first job.
    workshop.then(() => say({ type: 'ready' }), () => undefined);
  } else {
    const { id } = message;
    doJob(message.job).then(
      (result) => say({ type: 'result', id, result }),
      (error: unknown) => say({ id, ...asMessage(error) }),
    );
  }
});

/** Whoever copies needs nothing of images. */
async function open({ setup, kind }: ToWorker & { type: 'setup' }, onTurn: () => void): Promise<Pick<Workshop, 'do'>> {
  if (kind !== 'make' && kind !== 'trial' && kind !== 'check') return (await import('../work/copyshop.js')).openCopyshop(setup, kind);
  return (await import('../work/workshop.js')).openWorkshop(setup, { onTurn, kind });
}

async function doJob(job: Job): Promise<JobResult> {
  if (workshop === undefined) throw new Error('a job came before the setup');
  return (await workshop).do(job);
}

function asMessage(error: unknown) {
  if (error instanceof UserError) return { type: 'mistake', code: error.code, message: error.message } as const;
  return { type: 'bug', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) } as const;
}

function say(message: FromWorker): void {
  // The parent may have gone; then this process is about to end as well.
  if (process.connected) process.send?.(message, () => undefined);
}
