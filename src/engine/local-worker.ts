/**
 * The worker process of the local engine. It takes jobs from its parent and does them with work/; a crash in native code
 * ends this process and not the run.
 */
import PQueue from 'p-queue';
import { configureImageLibrary } from '../image/configure.js';
import type { Job } from '../model/job.js';
import { parseLocation } from '../model/location.js';
import type { JobResult } from '../model/outcome.js';
import { addRequests, NO_REQUESTS, requestsSince, type Requests } from '../model/requests.js';
import { UserError } from '../model/user-error.js';
import { openStore } from '../store/open.js';
import { makeVariants, type Workplace } from '../work/make-variants.js';
import type { FromWorker, Setup, ToWorker } from './messages.js';

/**
 * Originals whose pixels are worked on at one time: a process has one core, and each holds its decoded pixels. Others are
 * being read or written meanwhile. The second fills the gaps that the first one leaves between two operations.
 */
const RENDERING = 2;

// Ctrl-C reaches every process of the terminal; the parent decides what to finish. Without a parent, nobody counts.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit(0));

let place: Promise<Workplace> | undefined;
let told = NO_REQUESTS;
/** CPU time of this process as of the last result; what it took to start is nobody's. */
let usedBefore = process.cpuUsage();

process.on('message', (message: ToWorker) => {
  if (message.type === 'setup') {
    place = setUp(message.setup);
    // An error there is met by the first job.
    place.then(
      () => {
        usedBefore = process.cpuUsage();
        say({ type: 'ready' });
      },
      () => undefined,
    );
  } else {
    const { id } = message;
    doJob(message.job).then(
      (result) => say({ type: 'result', id, result }),
      (error: unknown) => say({ id, ...asMessage(error) }),
    );
  }
});

async function doJob(job: Job): Promise<JobResult> {
  if (place === undefined) throw new Error('a job came before the setup');
  const at = await place;
  const work = await makeVariants(job, at);
  return { ...work, requests: newRequests(at), cpuSeconds: newCpuSeconds() };
}

async function setUp({ originals, variants, s3, limits }: Setup): Promise<Workplace> {
  configureImageLibrary();
  const rendering = new PQueue({ concurrency: RENDERING });
  return {
    originals: await openStore(parseLocation(originals, '/'), s3),
    variants: await openStore(parseLocation(variants, '/'), s3),
    limits,
    inTurn: (work) =>
      rendering.add(
        () => {
          say({ type: 'alive' });
          return work();
        },
        { throwOnTimeout: true },
      ),
  };
}

/** What was sent since the last result: the sum over all results is what the worker sent. */
function newRequests({ originals, variants }: Workplace): Requests {
  const now = addRequests(originals.requests, variants.requests);
  const since = requestsSince(now, told);
  told = now;
  return since;
}

function newCpuSeconds(): number {
  const { user, system } = process.cpuUsage(usedBefore);
  usedBefore = process.cpuUsage();
  return (user + system) / 1e6;
}

function asMessage(error: unknown) {
  if (error instanceof UserError) return { type: 'mistake', code: error.code, message: error.message } as const;
  return { type: 'bug', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) } as const;
}

function say(message: FromWorker): void {
  // The parent may have gone; then this process is about to end as well.
  if (process.connected) process.send?.(message, () => undefined);
}
