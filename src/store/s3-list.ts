import type { ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { Failure } from '../model/failure.js';
import { compareKeys } from '../model/key.js';
import type { Listed } from '../model/original.js';
import { UserError } from '../model/user-error.js';
import { isUnicode, OWN_FOLDER } from './key.js';
import { decodeListed, LONGEST_KEY, objectKey } from './s3-key.js';
import { listPage, nextToken, type Entry, type ListPage } from './s3-list-page.js';
import { objectOf, type Place } from './s3-place.js';
import { PAGE_LENGTH } from './store.js';

/**
 * Everything below the place whose key starts with `prefix`; see Store.list. The next page is fetched while one is worked
 * on.
 *
 * @throws RequestFailed, UserError `location-unordered` where a provider lists in another order than S3, `location-unreadable`
 *   where one lists no more than a page
 */
export async function* listObjects(place: Place, prefix: string, after: string): AsyncGenerator<readonly Listed[]> {
  if (!isBeginning(prefix)) {
    yield [{ key: prefix, refused: 'invalid-key', detail: 'no key begins so' }];
    return;
  }
  // Whether servers take what is longer than a key is not known, and nothing begins so.
  if (Buffer.byteLength(place.prefix + prefix) > LONGEST_KEY) return;
  let last = '';
  const start = place.prefix + after;
  for await (const entries of pagesOf(place, prefix, after)) {
    const page: Listed[] = [];
    for (const [whole, entry] of entries) {
      if (last !== '' && compareKeys(last, whole) > 0) throw unordered(place.location);
      last = whole;
      if (after !== '' && compareKeys(whole, start) <= 0) continue;
      const listed = listedOf(place.prefix, whole, entry);
      if (listed !== undefined) page.push(listed);
    }
    if (page.length > 0) yield page;
  }
}

/**
 * The first key after `after` that starts with `prefix`, whatever it stands for; undefined if there is none.
 *
 * @throws RequestFailed
 */
export async function firstKeyAfter(place: Place, prefix: string, after: string): Promise<string | undefined> {
  if (!isBeginning(prefix)) return undefined;
  const [first] = entriesOf(await pageOf(place, prefix, { StartAfter: startAfter(place, after), MaxKeys: 1 }));
  return first?.[0].slice(place.prefix.length);
}

/** Whether a key may begin so. */
function isBeginning(prefix: string): boolean {
  return isUnicode(prefix) && !prefix.includes('\0');
}

/** Servers refuse or misread a NUL, and what is longer than a key: what is left of the text is not after it. */
function startAfter(place: Place, after: string): string | undefined {
  if (after === '') return undefined;
  const [text = ''] = (place.prefix + after).split('\0', 1);
  return Buffer.byteLength(text) <= LONGEST_KEY ? text : Buffer.from(text).subarray(0, LONGEST_KEY).toString().replace(/\ufffd+$/, '');
}

type Page = readonly (readonly [key: string, entry: Entry])[];

async function* pagesOf(place: Place, prefix: string, after: string): AsyncGenerator<Page> {
  const first = { StartAfter: startAfter(place, after) };
  let next: Promise<ListPage> | undefined = pageOf(place, prefix, first);
  while (next !== undefined) {
    const page: ListPage = await next;
    const token = nextToken(page, place.location);
    next = token === undefined ? undefined : pageOf(place, prefix, { ContinuationToken: token });
    // Its error is met when its turn comes; until then it must not pass for one that nobody awaits.
    next?.catch(() => undefined);
    yield entriesOf(page);
  }
}

function pageOf({ requests, bucket, prefix: root, silence, payer }: Place, prefix: string, where: Where): Promise<ListPage> {
  const command = { Bucket: bucket, Prefix: root + prefix, MaxKeys: PAGE_LENGTH, EncodingType: 'url', ...where, ...payer } as const;
  return requests.send('list', (client) => listPage(client, command, silence));
}

type Where = Pick<ListObjectsV2CommandInput, 'StartAfter' | 'ContinuationToken' | 'MaxKeys'>;

function entriesOf({ Contents = [], EncodingType }: ListPage): Page {
  return Contents.map((entry) => [EncodingType === 'url' ? decodeListed(entry.Key ?? '') : (entry.Key ?? ''), entry]);
}

/** Undefined for what is neither an original nor a variant: our own, and the empty objects that consoles make for folders. */
function listedOf(prefix: string, whole: string, entry: Entry): Listed | undefined {
  const key = whole.slice(prefix.length);
  const { Size = 0 } = entry;
  if (key === '' || key === OWN_FOLDER || key.startsWith(`${OWN_FOLDER}/`)) return undefined;
  if (key.endsWith('/') && Size === 0) return undefined;
  try {
    objectKey(prefix, key);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { key, refused: error.code, detail: error.detail };
  }
  return objectOf(key, Size, entry);
}

function unordered(location: string): UserError {
  return new UserError(
    'location-unordered',
    `${location} is not listed in the order of its keys, which imgvar relies on; directory buckets (S3 Express) cannot be used.`,
  );
}
