import type { IncomingMessage } from 'node:http';

/** The names of this machine, with any port: another one may lead here. */
const THIS_MACHINE = /^(localhost|127\.0\.0\.1)(:\d{1,5})?$/i;

/**
 * Whether a request names this machine. One that a page of another site sends after it has turned its own name to this
 * address (DNS rebinding) names that site.
 */
export function isForThisMachine({ headers }: IncomingMessage): boolean {
  return THIS_MACHINE.test(headers.host ?? '');
}

/**
 * Whether it comes from a page of this server, or from no page at all. Browsers send an Origin with everything that may
 * change something.
 */
export function isFromThisServer({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'] ?? 'none';
  return (origin === undefined || origin === `http://${host}`) && (site === 'same-origin' || site === 'none');
}
