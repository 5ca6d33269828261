import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvRecords } from '../../src/source/csv.js';
import { textOf } from '../../src/source/text.js';
import { collect } from '../support.js';
import { pieces } from './manifest-support.js';

async function parsed(text: string, size: number): Promise<string[][]> {
  const records = await collect(csvRecords(pieces({ csv: text }, size).read('csv')));
  return records.map((fields) => fields.map(textOf));
}

/** A field as a writer may put it: quoted where it must be, or wherever it likes. */
function written({ text, quoted }: { text: string; quoted: boolean }): string {
  return quoted || text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

test('what any writer wrote is read back, in pieces of any length', async () => {
  const text = fc.oneof(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\r\n', 'é', '写', '👧', ' ') }), fc.string({ unit: 'grapheme' }));
  const field = fc.record({ text, quoted: fc.boolean() });
  const record = fc.array(field, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(record), fc.constantFrom('\n', '\r\n'), fc.boolean(), fc.integer({ min: 1, max: 20 }), async (records, end, ended, size) => {
      const lines = records.map((fields) => fields.map(written).join(','));
      // A byte order mark at the very beginning is none of the first field's own.
      const csv = `\ufeff${lines.join(end)}${ended && lines.length > 0 ? end : ''}`;
      expect(await parsed(csv, size)).toEqual(records.map((fields) => fields.map((one) => one.text)));
    }),
    { numRuns: 1000 },
  );
});
