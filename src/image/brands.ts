/** The major brand and the compatible ones of an ISO media file (HEIF, MP4, QuickTime); empty for anything else. */
export function heifBrands(bytes: Buffer): readonly string[] {
  if (bytes.length < 16 || bytes.toString('latin1', 4, 8) !== 'ftyp') return [];
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
  const brands = [bytes.toString('latin1', 8, 12)];
  // Bytes 12 to 16 are the minor version.
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.toString('latin1', at, at + 4));
  return brands;
}
