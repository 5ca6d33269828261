/** With --import: writes the address of each module that is imported after it to the file $LOADED, a line each. */
import { appendFileSync } from 'node:fs';
import { register } from 'node:module';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

// Hooks have a thread of their own, where this is loaded once more.
if (isMainThread) register(import.meta.url);

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  appendFileSync(String(process.env['LOADED']), `${url}\n`);
  return next(url, context);
}
