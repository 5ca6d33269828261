/** Where a text stops being JSON, counted from 1, and what would have been right there. */
export interface SyntaxFault {
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

const SPACE = /[ \t\r\n]*/y;
const TOKEN =
  /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y;

type Expected =
  | 'a value'
  | 'a value or ]'
  | 'a field name in double quotes'
  | 'a field name in double quotes or }'
  | 'a colon'
  | 'a comma or }'
  | 'a comma or ]'
  | 'the end of the file';

/** Node 20 does not always say where a JSON text is broken, so this looks; null when it is not. */
export function findSyntaxFault(text: string): SyntaxFault | null {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'a value';
  let at = 0;
  for (;;) {
    at += matchAt(SPACE, text, at).length;
    const token = matchAt(TOKEN, text, at);
    if (token === '' && at === text.length && expected === 'the end of the file') return null;
    const next = afterToken(token, expected, open);
    if (next === null) return { ...placeOf(text, at), expected };
    expected = next;
    at += token.length;
  }
}

/** What may follow this token, or null when the token itself is wrong. */
function afterToken(token: string, expected: Expected, open: ('{' | '[')[]): Expected | null {
  const kind = token[0];
  const wantsName = expected.startsWith('a field name');
  const wantsValue = expected.startsWith('a value');
  if (kind === undefined) return null;
  if (kind === ':') return expected === 'a colon' ? 'a value' : null;
  if (kind === ',') {
    if (expected === 'a comma or }') return 'a field name in double quotes';
    return expected === 'a comma or ]' ? 'a value' : null;
  }
  if (kind === '}' || kind === ']') {
    if (!expected.endsWith(`or ${kind}`)) return null;
    open.pop();
    return afterValue(open);
  }
  if (wantsName) return kind === '"' ? 'a colon' : null;
  if (!wantsValue) return null;
  if (kind === '{' || kind === '[') {
    open.push(kind);
    return kind === '{' ? 'a field name in double quotes or }' : 'a value or ]';
  }
  return afterValue(open);
}

function afterValue(open: readonly ('{' | '[')[]): Expected {
  const innermost = open.at(-1);
  if (innermost === undefined) return 'the end of the file';
  return innermost === '{' ? 'a comma or }' : 'a comma or ]';
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const lines = text.slice(0, at).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
