import { locationText } from '../model/location.js';
import type { StoredObject } from '../model/original.js';
import { S3Requests } from './s3-requests.js';
import type { S3Settings } from './s3-settings.js';

/** A bucket and the prefix that all keys of a location have, with the way to reach them. */
export interface Place {
  /** As a person writes it: `s3://bucket/prefix/`. */
  readonly location: string;
  readonly bucket: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  readonly requests: S3Requests;
  /** For imgvar's own files, and what is tried to see whether the place can be used. */
  readonly ownRequests: S3Requests;
  /** How long a connection may be silent, in seconds. */
  readonly silence: number;
  /** Goes with every request. */
  readonly payer: { readonly RequestPayer?: 'requester' };
}

export function s3Place(bucket: string, prefix: string, settings: S3Settings): Place {
  const location = locationText({ kind: 's3', bucket, prefix });
  const payer = settings.requesterPays ? ({ RequestPayer: 'requester' } as const) : {};
  const requests = new S3Requests(location, settings);
  return { location, bucket, prefix, requests, ownRequests: requests.apart(), silence: settings.timeoutSeconds, payer };
}

/** Times are cut to whole seconds: S3 has no more in its headers, and listings must tell the same. */
export function objectOf(key: string, size: number, { ETag = '', LastModified, StorageClass }: Described): StoredObject {
  const lastModified = Math.floor((LastModified?.getTime() ?? 0) / 1000) * 1000;
  const object = { key, size, etag: ETag.replaceAll('"', ''), lastModified };
  // Answers for one object do not name the Standard class; listings do.
  return StorageClass === undefined || StorageClass === 'STANDARD' ? object : { ...object, storageClass: StorageClass };
}

/** What answers say of an object. */
interface Described {
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly StorageClass?: string | undefined;
}
