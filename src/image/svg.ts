/** How far into a file its root element is looked for, in bytes; a licence or an editor's comment may stand before it. */
const PROLOGUE = 4096;

/** Where something ends that began before `from`; below 0 where it does not, and then what begins later does not either. */
type End = (text: string, from: number) => number;

/** Whether the first element is `svg`, after any XML declaration, document type and comments. */
export function isSvg(bytes: Buffer): boolean {
  let text = bytes.toString('latin1', 0, PROLOGUE).replace(/^\xef\xbb\xbf/, '').toLowerCase();
  text = without(text, '<!--', behind('-->'));
  text = without(text, '<?', behind('?>'));
  text = without(text, '<!doctype', endOfDoctype);
  return /^<(\w+:)?svg[\s>/]/.test(text.trimStart());
}

/** Without all that begins so. Found by a pattern, many beginnings with no end would take seconds, which no deadline cuts short. */
function without(text: string, beginning: string, endIn: End): string {
  let kept = '';
  let at = 0;
  for (let from = text.indexOf(beginning); from >= 0; from = text.indexOf(beginning, at)) {
    const end = endIn(text, from + beginning.length);
    if (end < 0) break;
    kept += text.slice(at, from);
    at = end;
  }
  return kept + text.slice(at);
}

function behind(mark: string): End {
  return (text, from) => {
    const at = text.indexOf(mark, from);
    return at < 0 ? -1 : at + mark.length;
  };
}

/** It may have declarations of its own, in brackets, and these a `>`. */
function endOfDoctype(text: string, from: number): number {
  const end = behind('>')(text, from);
  const own = text.indexOf('[', from);
  if (own < 0 || own > end) return end;
  const ownEnd = behind(']')(text, own);
  const last = ownEnd < 0 ? -1 : behind('>')(text, ownEnd);
  return last < 0 ? end : last;
}
