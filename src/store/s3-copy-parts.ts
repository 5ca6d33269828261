import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { CopyOrder } from './s3-copy.js';
import type { Place } from './s3-place.js';

/** Bytes of one part, which S3 copies in a few seconds, or more where it would not allow so many. */
const PART = 256 * 1024 ** 2;

/** Parts of one object. Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits". */
const MOST_PARTS = 10_000;

/** Parts that are copied side by side. */
const LANES = 4;

/**
 * Copies an object in parts. It appears once all are there; if one fails, those that were made are removed.
 *
 * @param content its size in bytes, and its tags as a query string
 * @param largest the most bytes of a part
 * @throws RequestFailed
 */
export async function copyInParts(
  to: Place,
  { condition, kept, Bucket, Key, ...source }: CopyOrder,
  content: { readonly size: number; readonly tags: string },
  largest: number,
): Promise<void> {
  const { requests, payer } = to;
  const target = { Bucket, Key, ...payer };
  const creation = { ...target, ...kept, Tagging: content.tags || undefined };
  const { UploadId } = await requests.send('put', (client) => client.send(new CreateMultipartUploadCommand(creation)));
  const upload = { ...target, UploadId };
  const copyPart = async ({ number, range }: Part) => {
    const command = { ...upload, ...source, PartNumber: number, CopySourceRange: range };
    const { CopyPartResult } = await requests.send('put', (client) => client.send(new UploadPartCopyCommand(command)));
    return { PartNumber: number, ETag: CopyPartResult?.ETag };
  };
  try {
    const parts = await inLanes(partsOf(content.size, Math.max(Math.min(PART, largest), Math.ceil(content.size / MOST_PARTS))), copyPart);
    const completion = { ...upload, ...condition, MultipartUpload: { Parts: parts } };
    await requests.send('put', (client) => client.send(new CompleteMultipartUploadCommand(completion)));
  } catch (error) {
    // Should this fail as well, the bucket's own rule for incomplete uploads removes them.
    await requests.send('delete', (client) => client.send(new AbortMultipartUploadCommand(upload)), 2).catch(() => undefined);
    throw error;
  }
}

interface Part {
  /** From 1. */
  readonly number: number;
  readonly range: string;
}

function partsOf(size: number, partSize: number): Part[] {
  return Array.from({ length: Math.ceil(size / partSize) }, (_, index) => ({
    number: index + 1,
    range: `bytes=${index * partSize}-${Math.min(size, (index + 1) * partSize) - 1}`,
  }));
}

/** What `work` makes of each, in the same order. Ends, also by an error, only when nothing is under way any more. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items.entries()];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, item] = next;
      results[index] = await work(item).catch((error: unknown) => {
        left.length = 0;
        throw error;
      });
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  return results;
}
