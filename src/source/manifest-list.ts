import type { Location } from '../model/location.js';
import { headerIn } from './manifest-csv.js';
import { rowError } from './manifest-error.js';
import { writtenKey, type ManifestRow } from './manifest-row.js';
import { linesOf, RowFault, textOf, withoutReturn } from './text.js';

/** The rows of a list of keys, one a line, relative to the originals or as `s3://bucket/key`. @throws UserError */
export async function* listRows(file: string, chunks: AsyncIterable<Buffer>, originals: Location): AsyncGenerator<ManifestRow> {
  let row = 1;
  try {
    for await (const line of linesOf(chunks)) {
      const key = textOf(withoutReturn(line));
      if (row === 1 && key.includes(',') && headerIn(key.split(',')) !== null) {
        throw new RowFault('is a header of CSV, but the file is read as a list of keys; let its name end in .csv');
      }
      if (key !== '') yield { row, ...writtenKey(key, originals) };
      row += 1;
    }
  } catch (error) {
    throw rowError(file, row, error);
  }
}
