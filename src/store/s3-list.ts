import { ListObjectsV2Command, type _Object as Entry, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { Failure } from '../model/failure.js';
import { compareKeys } from '../model/key.js';
import type { Listed } from '../model/original.js';
import { UserError } from '../model/user-error.js';
import { isUnicode, OWN_FOLDER } from './key.js';
import { decodeListed, objectKey } from './s3-key.js';
import { objectOf, type Place } from './s3-place.js';
import { PAGE_LENGTH } from './store.js';

/**
 * Everything below the place whose key starts with `prefix`; see Store.list. The next page is fetched while one is worked
 * on.
 *
 * @throws RequestFailed, UserError `location-unordered` where a provider lists in another order than S3
 */
export async function* listObjects(place: Place, prefix: string): AsyncGenerator<readonly Listed[]> {
  if (!isUnicode(prefix) || prefix.includes('\0')) {
    yield [{ key: prefix, refused: 'invalid-key', detail: 'no key begins so' }];
    return;
  }
  let last = '';
  for await (const entries of pagesOf(place, place.prefix + prefix)) {
    const page: Listed[] = [];
    for (const [whole, entry] of entries) {
      if (last !== '' && compareKeys(last, whole) > 0) throw unordered(place.location);
      last = whole;
      const listed = listedOf(place.prefix, whole, entry);
      if (listed !== undefined) page.push(listed);
    }
    if (page.length > 0) yield page;
  }
}

type Page = readonly (readonly [key: string, entry: Entry])[];

async function* pagesOf(place: Place, prefix: string): AsyncGenerator<Page> {
  let next: Promise<ListObjectsV2CommandOutput> | undefined = pageOf(place, prefix, undefined);
  while (next !== undefined) {
    const { Contents = [], EncodingType, NextContinuationToken }: ListObjectsV2CommandOutput = await next;
    next = NextContinuationToken === undefined ? undefined : pageOf(place, prefix, NextContinuationToken);
    // Its error is met when its turn comes; until then it must not pass for one that nobody awaits.
    next?.catch(() => undefined);
    yield Contents.map((entry) => [EncodingType === 'url' ? decodeListed(entry.Key ?? '') : (entry.Key ?? ''), entry]);
  }
}

function pageOf({ requests, bucket, payer }: Place, prefix: string, token: string | undefined): Promise<ListObjectsV2CommandOutput> {
  const command = { Bucket: bucket, Prefix: prefix, ContinuationToken: token, MaxKeys: PAGE_LENGTH, EncodingType: 'url', ...payer } as const;
  return requests.send('list', (client) => client.send(new ListObjectsV2Command(command)));
}

/** Undefined for what is neither an original nor a variant: our own, and the empty objects that consoles make for folders. */
function listedOf(prefix: string, whole: string, { ETag = '', Size = 0, LastModified }: Entry): Listed | undefined {
  const key = whole.slice(prefix.length);
  if (key === '' || key === OWN_FOLDER || key.startsWith(`${OWN_FOLDER}/`)) return undefined;
  if (key.endsWith('/') && Size === 0) return undefined;
  try {
    objectKey(prefix, key);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { key, refused: error.code, detail: error.detail };
  }
  return objectOf(key, Size, ETag, LastModified);
}

function unordered(location: string): UserError {
  return new UserError(
    'location-unordered',
    `${location} is not listed in the order of its keys, which imgvar relies on; directory buckets (S3 Express) cannot be used.`,
  );
}
