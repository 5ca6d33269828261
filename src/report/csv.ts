/** What makes a spreadsheet take a field for a formula. */
const FORMULA = /^[=+\-@\t\r\n]/;

/**
 * One record as in RFC 4180, with its line end. What a spreadsheet would run as a formula has an apostrophe before it, as
 * keys are chosen by strangers.
 */
export function csvRecord(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

function csvField(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
