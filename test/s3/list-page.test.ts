import { expect, it } from 'vitest';
import { parsePage } from '../../src/store/s3-list-page.js';

const page = (inside: string): string => `<?xml version="1.0"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</ListBucketResult>`;
const object = (key: string, size = '7'): string =>
  `<Contents><Key>${key}</Key><LastModified>2024-05-17T12:00:00.000Z</LastModified><ETag>&quot;e&#34;</ETag><Size>${size}</Size><Owner><ID>1</ID></Owner></Contents>`;

it('reads a page as S3 writes it', () => {
  const parsed = parsePage(page(`<IsTruncated>true</IsTruncated><EncodingType>url</EncodingType><NextContinuationToken>a+/=</NextContinuationToken>${object('a')}${object('&lt;&amp;amp;&#x1F600;&apos;')}`));
  const entry = { Size: 7, ETag: '"e"', LastModified: new Date('2024-05-17T12:00:00Z') };
  expect(parsed).toEqual({
    EncodingType: 'url',
    IsTruncated: true,
    NextContinuationToken: 'a+/=',
    Contents: [{ Key: 'a', ...entry }, { Key: "<&amp;😀'", ...entry }],
  });
});

it.each([
  ['an end that is missing', page(object('a')).slice(0, -5)],
  ['an error', '<Error><Code>SlowDown</Code></Error>'],
  ['a page of a proxy', '<html><body>503</body></html>'],
  ['a namespace with a prefix', page(object('a')).replaceAll('Contents', 's3:Contents')],
  ['a comment', page(`<!-- -->${object('a')}`)],
  ['a size that is no number', page(object('a', 'many'))],
  ['no object', page('')],
])('leaves %s to the SDK', (_, xml) => {
  expect(parsePage(xml)).toBeUndefined();
});
