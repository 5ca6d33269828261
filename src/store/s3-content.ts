import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { Failure } from '../model/failure.js';
import { bodyOf } from './s3-body.js';

/**
 * @param silence how long a connection may be silent, in seconds
 * @throws Failure `too-large`, before anything is read; ECONNRESET where the content ends too early; TimeoutError
 */
export async function contentOf({ Body, ContentLength }: GetObjectCommandOutput, maxBytes: number, silence: number): Promise<Buffer> {
  if (!(Body instanceof Readable)) throw new Error('S3 answered a GET without a body to read');
  const tooLarge = (size: number): Failure => {
    Body.destroy();
    return new Failure('too-large', `${size} bytes`);
  };
  if (ContentLength !== undefined && ContentLength > maxBytes) throw tooLarge(ContentLength);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of bodyOf(Body, silence)) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(length);
    chunks.push(chunk);
  }
  if (ContentLength !== undefined && length !== ContentLength) {
    throw Object.assign(new Error(`${length} of ${ContentLength} bytes came`), { code: 'ECONNRESET' });
  }
  return Buffer.concat(chunks, length);
}
