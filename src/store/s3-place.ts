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
  /** Goes with every request. */
  readonly payer: { readonly RequestPayer?: 'requester' };
}

export function s3Place(bucket: string, prefix: string, settings: S3Settings): Place {
  const location = locationText({ kind: 's3', bucket, prefix });
  const payer = settings.requesterPays ? ({ RequestPayer: 'requester' } as const) : {};
  return { location, bucket, prefix, requests: new S3Requests(location, settings), payer };
}

/** Times are cut to whole seconds: S3 has no more in its headers, and listings must tell the same. */
export function objectOf(key: string, size: number, etag: string, lastModified: Date | undefined): StoredObject {
  return { key, size, etag: etag.replaceAll('"', ''), lastModified: Math.floor((lastModified?.getTime() ?? 0) / 1000) * 1000 };
}
