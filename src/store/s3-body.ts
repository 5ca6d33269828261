import type { Readable } from 'node:stream';

/** A body that brings less than this in the time that a connection may be silent is as good as silent. */
const LEAST_BYTES = 1024;

/**
 * What comes of an answer's body, as it comes. The client itself notices a connection that is silent, but not one over which
 * single bytes trickle: that would hold the request for hours.
 *
 * @param seconds how long a connection may be silent
 * @throws TimeoutError, in the SDK's words
 */
export async function* bodyOf(body: Readable, seconds: number): AsyncGenerator<Buffer> {
  let came = 0;
  const look = setInterval(() => {
    if (came < LEAST_BYTES) body.destroy(Object.assign(new Error('the body only trickles'), { name: 'TimeoutError' }));
    came = 0;
  }, seconds * 1000);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      came += chunk.length;
      yield chunk;
    }
  } finally {
    clearInterval(look);
  }
}
