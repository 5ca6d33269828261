import { isUtf8 } from 'node:buffer';

/**
 * Text whose encoding has not been checked yet: one byte a character ("latin1"). What separates lines and fields is
 * ASCII, so both can be found before; then the very row that is not UTF-8 can be named.
 */
export type Bytes = string;

/** Of one row, in bytes: a quote that is never closed, or a file that is no text, must not fill the memory. */
export const LONGEST_ROW = 1024 * 1024;

/** What is wrong with one row; who reads the rows adds which one it is, and of which file. */
export class RowFault extends Error {
  override readonly name = 'RowFault';
}

const BYTE_ORDER_MARK: Bytes = '\xef\xbb\xbf';

/** Lines without their line feeds; a carriage return before one stays. A byte order mark is dropped. @throws RowFault */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Bytes> {
  let rest: Bytes = '';
  let isStart = true;
  for await (const chunk of chunks) {
    rest += chunk.toString('latin1');
    if (isStart && rest.length < BYTE_ORDER_MARK.length && BYTE_ORDER_MARK.startsWith(rest)) continue;
    let from = isStart && rest.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    isStart = false;
    for (let to = rest.indexOf('\n', from); to >= 0; to = rest.indexOf('\n', from)) {
      yield rest.slice(from, to);
      from = to + 1;
    }
    rest = rest.slice(from);
    if (rest.length > LONGEST_ROW) throw tooLong();
  }
  if (rest !== '') yield rest;
}

export function tooLong(): RowFault {
  return new RowFault(`is longer than ${LONGEST_ROW} bytes`);
}

export function withoutReturn(line: Bytes): Bytes {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** @throws RowFault for bytes that are not UTF-8 */
export function textOf(bytes: Bytes): string {
  // Also plain ASCII goes through a buffer: a slice would keep the whole chunk that it was cut from in memory.
  const buffer = Buffer.from(bytes, 'latin1');
  if (!isUtf8(buffer)) throw new RowFault('is not UTF-8; save the file with that encoding');
  return buffer.toString();
}
