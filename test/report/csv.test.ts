import { expect, test } from 'vitest';
import { csvRecord } from '../../src/report/csv.js';
import { csvList } from '../../src/report/failure-list.js';
import type { Output } from '../../src/report/reporter.js';
import { csvRecords } from '../../src/source/csv.js';
import { collect } from '../support.js';

test.each([
  ['plain.jpg', 'plain.jpg'],
  ['with space.jpg', 'with space.jpg'],
  ['a,b.jpg', '"a,b.jpg"'],
  ['say "x".jpg', '"say ""x"".jpg"'],
  ['two\nlines.jpg', '"two\nlines.jpg"'],
  ['', ''],
  ["=cmd|' /C calc'!A0.jpg", "'=cmd|' /C calc'!A0.jpg"],
  ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ['+1.jpg', "'+1.jpg"],
  ['-1.jpg', "'-1.jpg"],
  ['@SUM(A1).jpg', "'@SUM(A1).jpg"],
  ['\t=1.jpg', "'\t=1.jpg"],
  ['\r=1.jpg', '"\'\r=1.jpg"'],
  ['\n=1.jpg', '"\'\n=1.jpg"'],
  ['a=b.jpg', 'a=b.jpg'],
])('a field %j is written as %j', (field, written) => {
  expect(csvRecord([field])).toBe(`${written}\r\n`);
  expect(csvRecord(['x', field, 'y'])).toBe(`x,${written},y\r\n`);
});

test('what is written is read back, whatever is in it', async () => {
  const fields = ['a,b', '"', '""', 'x\r\ny', 'é😀', '', 'last "one"'];
  async function* bytes(): AsyncGenerator<Buffer> {
    yield Buffer.from(csvRecord(fields) + csvRecord(['second']));
  }
  const records = (await collect(csvRecords(bytes()))).map((record) => record.map((field) => Buffer.from(field, 'latin1').toString()));
  expect(records).toEqual([fields, ['second']]);
});

/** Standard output that is, or is not, a terminal. */
function written(isTTY: boolean): string {
  let text = '';
  const stdout = { isTTY, write: (more: string) => (text += more) };
  const list = csvList({ stdout, stderr: stdout, color: false } as unknown as Output);
  list.add({ result: 'failed', original: '\u001b[2J.jpg', variant: 'small', code: 'timeout', retryable: true, detail: '60 s' });
  list.end();
  return text;
}

test('keys are as they are in a file, and cannot rewrite a terminal', () => {
  expect(written(false)).toBe('original,variant,code,retryable,message\r\n\u001b[2J.jpg,small,timeout,true,it took too long (60 s)\r\n');
  expect(written(true)).toBe('original,variant,code,retryable,message\r\n\\u001b[2J.jpg,small,timeout,true,it took too long (60 s)\r\n');
});
