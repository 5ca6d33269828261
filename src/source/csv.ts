import { LONGEST_ROW, linesOf, RowFault, tooLong, withoutReturn, type Bytes } from './text.js';

/**
 * The records of comma-separated values as in RFC 4180, one after the other, of a file of any length: fields may be
 * quoted, and then hold commas, line breaks and, doubled, quotes. Lines end in CRLF or LF. An empty line is a record
 * without fields.
 *
 * @throws RowFault for quotes that are wrong, in the record after the last one that came
 */
export async function* csvRecords(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly Bytes[]> {
  /** Lines of a record whose quoted field goes on in the next one. */
  let open: Bytes[] = [];
  let length = 0;
  for await (const line of linesOf(chunks)) {
    const isOpen = open.length > 0;
    if (!isOpen && !line.includes('"')) {
      yield fieldsOf(withoutReturn(line));
      continue;
    }
    open.push(line);
    length += line.length + 1;
    if (length > LONGEST_ROW) throw new RowFault(`${tooLong().message}; is there a quote that is not closed?`);
    // A quoted field is open exactly while an odd number of quotes has come: one inside of it is doubled.
    if (isOpen === hasOddQuotes(line)) {
      yield fieldsOf(withoutReturn(open.join('\n')));
      open = [];
      length = 0;
    }
  }
  if (open.length > 0) throw new RowFault('has a quote that is not closed');
}

function hasOddQuotes(line: Bytes): boolean {
  let odd = false;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

/** One field, from where the last match ended: quoted, or without any quote; and what follows it. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;

function fieldsOf(record: Bytes): Bytes[] {
  if (record === '') return [];
  if (!record.includes('"')) return record.split(',');
  const fields: Bytes[] = [];
  FIELD.lastIndex = 0;
  for (;;) {
    const field = FIELD.exec(record);
    if (field === null) throw new RowFault(`has a quote in the wrong place, in field ${fields.length + 1}; a field with quotes is quoted whole, and they are doubled`);
    fields.push(field[1]?.replaceAll('""', '"') ?? field[2] ?? '');
    if (field[3] === '') return fields;
  }
}
