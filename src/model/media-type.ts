/** What begins so is an image of this type; a browser needs to be told, and a key's extension may be the original's. */
const SIGNATURES: readonly (readonly [text: string, at: number, mediaType: string])[] = [
  ['\xff\xd8\xff', 0, 'image/jpeg'],
  ['\x89PNG', 0, 'image/png'],
  ['WEBP', 8, 'image/webp'],
  ['GIF8', 0, 'image/gif'],
  ['ftypavi', 4, 'image/avif'],
];

/** By the first bytes of the content; what is none of these is no image for a browser. */
export function mediaTypeOf(bytes: Buffer): string {
  const found = SIGNATURES.find(([text, at]) => bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1')));
  return found?.[2] ?? 'application/octet-stream';
}
