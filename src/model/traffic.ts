import { addRequests, NO_REQUESTS, type Requests } from './requests.js';

/** Requests by where they went: to the originals, to the variants, or for what imgvar itself keeps (ledger, lock, checkpoint). */
export interface Traffic {
  readonly originals: Requests;
  readonly variants: Requests;
  readonly own: Requests;
}

export const NO_TRAFFIC: Traffic = { originals: NO_REQUESTS, variants: NO_REQUESTS, own: NO_REQUESTS };

export function addTraffic(a: Traffic, b: Traffic): Traffic {
  return {
    originals: addRequests(a.originals, b.originals),
    variants: addRequests(a.variants, b.variants),
    own: addRequests(a.own, b.own),
  };
}

export function allRequests({ originals, variants, own }: Traffic): Requests {
  return addRequests(addRequests(originals, variants), own);
}
