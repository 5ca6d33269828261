import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { notListable, notReachable } from './s3-check.js';
import { OWN_FOLDER } from './key.js';
import type { OwnFiles } from './own-files.js';
import { contentOf } from './s3-content.js';
import { decodeListed } from './s3-key.js';
import { listPage, nextToken } from './s3-list-page.js';
import type { Place } from './s3-place.js';
import { RequestFailed } from './s3-requests.js';

/** Bytes; imgvar's own files are far smaller. */
const LARGEST = 64 * 1024 * 1024;

export function s3OwnFiles(place: Place): OwnFiles {
  const { bucket, ownRequests: requests, silence, payer } = place;
  const root = `${place.prefix}${OWN_FOLDER}/`;
  const put = async (name: string, bytes: Uint8Array, condition: { IfNoneMatch?: '*' }): Promise<void> => {
    const command = { Bucket: bucket, Key: root + name, Body: bytes, ContentType: 'application/json', ...condition, ...payer };
    await requests.send('put', (client) => client.send(new PutObjectCommand(command)));
  };

  return {
    location: `${place.location}${OWN_FOLDER}/`,
    clockStep: 1000,

    get requests() {
      return requests.counts;
    },

    async read(name) {
      const command = { Bucket: bucket, Key: root + name, ...payer };
      try {
        return await requests.send('get', async (client) => {
          const answer = await client.send(new GetObjectCommand(command));
          return { bytes: await contentOf(answer, LARGEST, silence), lastModified: answer.LastModified?.getTime() ?? 0 };
        });
      } catch (error) {
        if (error instanceof RequestFailed && error.trouble.status === 404) return undefined;
        throw notReachable(place, error, `s3:GetObject on ${place.location}${OWN_FOLDER}/*`);
      }
    },

    async write(name, bytes) {
      try {
        await put(name, bytes, {});
      } catch (error) {
        throw notReachable(place, error, `s3:PutObject on ${place.location}*`);
      }
    },

    async create(name, bytes) {
      try {
        await put(name, bytes, { IfNoneMatch: '*' });
        return true;
      } catch (error) {
        if (error instanceof RequestFailed && error.trouble.status === 412) return writtenByUs(this, name, bytes);
        throw notReachable(place, error, `s3:PutObject on ${place.location}*`);
      }
    },

    async list(prefix) {
      const names: string[] = [];
      const command = { Bucket: bucket, Prefix: root + prefix, EncodingType: 'url', ...payer } as const;
      let token: string | undefined;
      try {
        do {
          const after = { ContinuationToken: token };
          const answer = await requests.send('list', (client) => listPage(client, { ...command, ...after }, silence));
          for (const { Key = '' } of answer.Contents ?? []) {
            names.push((answer.EncodingType === 'url' ? decodeListed(Key) : Key).slice(root.length));
          }
          token = nextToken(answer, place.location);
        } while (token !== undefined);
      } catch (error) {
        throw notListable(place, error);
      }
      return names.sort();
    },

    async remove(name) {
      const command = { Bucket: bucket, Key: root + name, ...payer };
      await requests.send('delete', (client) => client.send(new DeleteObjectCommand(command)), 2).catch(() => undefined);
    },
  };
}

/** Our own write may have come through though its answer was lost, and was then refused when it was repeated. */
async function writtenByUs(own: OwnFiles, name: string, bytes: Uint8Array): Promise<boolean> {
  const found = await own.read(name);
  return found !== undefined && found.bytes.equals(bytes);
}
