import type { IncomingMessage, ServerResponse } from 'node:http';
import { Failure } from '../model/failure.js';
import type { StoredObject } from '../model/original.js';
import { UserError } from '../model/user-error.js';
import type { Store } from '../store/store.js';
import { answer } from './deliver.js';
import { decodedPath, ORIGINALS_PATH } from './places.js';

export interface Receiving {
  readonly originals: Store;
  /** Of one original. */
  readonly maxBytes: number;
  /** It is there, whole. */
  readonly onUpload: (object: StoredObject) => void;
}

/** Answers PUT: what is sent becomes an original, whole or not at all, as in a bucket. */
export async function receive(request: IncomingMessage, response: ServerResponse, { originals, maxBytes, onUpload }: Receiving): Promise<void> {
  const path = decodedPath(request.url ?? '');
  if (path?.startsWith(ORIGINALS_PATH) !== true) {
    return answer(response, 403, `Only originals are uploaded, to ${ORIGINALS_PATH}.`);
  }
  const bytes = await contentOf(request, maxBytes);
  if (bytes === 'too-large') {
    // It is still on its way; a sender who is not let finish would not hear the answer.
    request.resume();
    return answer(response, 413, `An original has at most ${maxBytes} bytes (limits.bytes).`);
  }
  const key = path.slice(ORIGINALS_PATH.length);
  try {
    await originals.write(key, bytes, NO_HEADERS);
    const object = await originals.stat(key);
    if (object !== undefined) onUpload(object);
    answer(response, 201, 'Uploaded.', object === undefined ? {} : { etag: object.etag });
  } catch (error) {
    // A full disk may have room again, and what is there can be looked at meanwhile.
    if (error instanceof UserError) return answer(response, 507, error.message);
    if (!(error instanceof Failure)) throw error;
    answer(response, error.code === 'invalid-key' ? 400 : 500, error.message);
  }
}

/** A folder keeps none. */
const NO_HEADERS = { contentType: '', cacheControl: null, fingerprint: '', originalEtag: '' };

async function contentOf(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too-large'> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 'too-large';
  const chunks: Buffer[] = [];
  let length = 0;
  // Not destroyed on the way out: the answer goes over the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) return 'too-large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
