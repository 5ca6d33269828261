/** The word that was probably meant, or null when none is close: at most two letters wrong, and fewer than half. */
export function nearest(typed: string, words: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.min(2, Math.ceil(typed.length / 2) - 1);
  for (const word of words) {
    const edits = editsBetween(typed.toLowerCase(), word.toLowerCase(), least);
    if (edits > least || (best !== null && edits === least)) continue;
    best = word;
    least = edits;
  }
  return best;
}

/** How many letters must be added, dropped or changed (Levenshtein); more than `most` need not be exact. */
function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(changed, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? most + 1;
}
