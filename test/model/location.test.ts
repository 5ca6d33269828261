import { describe, expect, test } from 'vitest';
import { parseLocation, type Location } from '../../src/model/location.js';
import { UserError } from '../../src/model/user-error.js';

const s3 = (bucket: string, prefix: string): Location => ({ kind: 's3', bucket, prefix });
const folder = (path: string): Location => ({ kind: 'folder', path });

describe('a location is a folder or s3://bucket/prefix/', () => {
  test.each<[string, Location]>([
    ['photos', folder('/base/photos')],
    ['./photos/', folder('/base/photos')],
    ['../photos', folder('/photos')],
    ['/srv/photos', folder('/srv/photos')],
    ['.', folder('/base')],
    ['a:b', folder('/base/a:b')],
    ['s3:/typo', folder('/base/s3:/typo')],
    ['~x', folder('/base/~x')],
    ['./~', folder('/base/~')],
    ['s3://bucket', s3('bucket', '')],
    ['s3://bucket/', s3('bucket', '')],
    ['s3://bucket/a/b/', s3('bucket', 'a/b/')],
    ['s3://bucket/a/b', s3('bucket', 'a/b/')],
    ['S3://bucket/a', s3('bucket', 'a/')],
    ['s3://bucket/a%2Fb c/?#', s3('bucket', 'a%2Fb c/?#/')],
    ['s3://bucket//a', s3('bucket', '/a/')],
    ['s3://bucket/../a', s3('bucket', '../a/')],
  ])('%s', (text, location) => {
    expect(parseLocation(text, '/base')).toEqual(location);
  });

  test.each(['', 's3://', 's3:///prefix/', 's3:// /x', 's3://a\nb/', 'https://bucket.s3.amazonaws.com/a', 'file:///srv', 'gs://bucket/', 'a\0b', '~', '~/photos'])(
    'not %j',
    (text) => {
      expect(() => parseLocation(text, '/base')).toThrow(UserError);
      expect(() => parseLocation(text, '/base')).toThrow(expect.objectContaining({ code: 'location-unsupported' }));
    },
  );
});
