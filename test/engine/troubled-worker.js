/**
 * A worker process for tests of the local engine: what it does with an original is in the original's key. It does no
 * work, and keeps count of how often it was asked in a file.
 */
import { appendFileSync } from 'node:fs';
import process from 'node:process';

const NO_REQUESTS = { get: 0, put: 0, head: 0, list: 0, delete: 0, retries: 0 };

let log = '';

process.on('disconnect', () => process.exit(0));
process.on('message', (/** @type {import('../../src/engine/messages.js').ToWorker} */ message) => {
  if (message.type === 'setup') {
    log = message.setup.originals;
    if (message.setup.variants === 'no-start') process.exit(7);
    process.send?.({ type: 'ready' });
    return;
  }
  const { id, job } = message;
  const { key } = job.original;
  appendFileSync(log, `${process.pid} ${key}\n`);
  if (key.startsWith('poison')) process.abort();
  if (key.startsWith('hang')) return;
  const outcomes = key.startsWith('slow') ? [{ result: 'failed', original: key, variant: null, code: 'timeout', retryable: true, detail: '' }] : [];
  if (key.startsWith('bug')) process.send?.({ type: 'bug', id, stack: 'TypeError: a bug\n    at somewhere' });
  else setTimeout(() => process.send?.({ type: 'result', id, result: { original: key, due: 1, outcomes, bytesRead: 1, requests: NO_REQUESTS } }), 5);
});
