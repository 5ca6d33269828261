/** A string, with the colon behind it where it is the name of a field, or the beginning or end of an object. */
const PART = /(?<text>"(?:[^"\\]|\\.)*")(?:[ \t\r\n]*(?<colon>:))?|(?<brace>[{}])/g;

/**
 * The first field that comes twice in one object, with the line of its second place, counted from 1; null where none does. JSON itself
 * takes the last, so that a field which was copied, and not called otherwise, would take the place of the one it was copied from.
 *
 * @param json what was parsed already, so that it is known to be JSON
 */
export function findRepeatedField(json: string): { readonly name: string; readonly line: number } | null {
  const open: Set<string>[] = [];
  for (const { groups = {}, index } of json.matchAll(PART)) {
    const { text, colon, brace } = groups;
    if (brace === '{') open.push(new Set());
    else if (brace === '}') open.pop();
    if (text === undefined || colon === undefined) continue;
    const name = JSON.parse(text) as string;
    const names = open.at(-1);
    if (names?.has(name) === true) return { name, line: json.slice(0, index).split('\n').length };
    names?.add(name);
  }
  return null;
}
