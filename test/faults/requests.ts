import type { Before, Fault, S3Request } from '../s3/request.js';

/** The same faults in every run: a number from 0 to 999 for each request. */
function dice({ count }: S3Request): number {
  return (((count + 1) * 2654435761) >>> 8) % 1000;
}

/** So many in a thousand, one after the other of these. */
function share(thousandths: number, ...faults: readonly Fault[]): Before {
  return (request) => (dice(request) < thousandths ? faults[request.count % faults.length] : undefined);
}

/** What is long enough for it to matter how it comes. */
function ofOriginals(before: Before): Before {
  return (request) => (request.method === 'GET' && request.bucket === 'originals' ? before(request) : undefined);
}

/** More in a second than so many are told to come back later, as S3 says it. */
function atMost(perSecond: number): Before {
  let second = 0;
  let taken = 0;
  return () => {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) [second, taken] = [now, 0];
    taken += 1;
    return taken > perSecond ? { kind: 'error', status: 503, code: 'SlowDown' } : undefined;
  };
}

const ANSWERS: readonly Fault[] = [
  { kind: 'error', status: 500, code: 'InternalError' },
  { kind: 'html', status: 503 },
  { kind: 'error', status: 503, code: 'ServiceUnavailable' },
  { kind: 'html', status: 500 },
];
// After it, what was asked for is done, and nobody hears of it.
const RESETS: readonly Fault[] = [{ kind: 'reset' }, { kind: 'reset', after: true }];

const BODIES: readonly Fault[] = [{ kind: 'truncated' }, { kind: 'halted' }, { kind: 'trickle' }, { kind: 'garbled' }];

export const PACE = (): Before => atMost(50);

/** What goes wrong with requests and passes; a run over it ends complete. */
export const PASSING: Readonly<Record<string, () => Before>> = {
  '5 % answered with 500 or 503, in XML and in HTML': () => share(50, ...ANSWERS),
  '2 % reset, before and after the work is done': () => share(20, ...RESETS),
  '1 % never answered': () => share(10, { kind: 'stall' }),
  '6 % of what is read ends too early, stops in the middle, trickles, or is garbled': () => ofOriginals(share(60, ...BODIES)),
  '50 requests a second, and 503 SlowDown beyond': PACE,
};

/** All of it together, but for the pace. */
export const EVERYTHING: () => Before = () => {
  const [reading, any] = [ofOriginals(share(60, ...BODIES)), share(80, ...ANSWERS, ...ANSWERS, ...RESETS, { kind: 'stall' })];
  return async (request) => (await any(request)) ?? reading({ ...request, count: request.count + 7919 });
};
