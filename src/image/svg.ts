/** How far into a file its root element is looked for, in bytes; a licence or an editor's comment may stand before it. */
const PROLOGUE = 4096;

/** Whether the first element is `svg`, after any XML declaration, document type and comments. */
export function isSvg(bytes: Buffer): boolean {
  const text = bytes
    .toString('latin1', 0, PROLOGUE)
    .replace(/^\xef\xbb\xbf/, '')
    .replace(/<!--[^]*?-->/g, '')
    .replace(/<\?[^]*?\?>/g, '')
    .replace(/<!doctype[^[>]*(\[[^\]]*\])?[^>]*>/gi, '')
    .trimStart();
  return /^<(\w+:)?svg[\s>/]/i.test(text);
}
