import { valueAt } from '#core/columns';

/** How many characters must be added, dropped or replaced to make one word of another (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = valueAt(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, valueAt(row, j) + 1, valueAt(next, j - 1) + 1));
    }
    row = next;
  }
  return valueAt(row, b.length);
}

/** Half of a word may be wrong: a suggestion that is far off is still better than none, but a foreign word gets none. */
const TOLERATED = 0.5;

/** "Did you mean …? " for a word that is unknown, or nothing where no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const ranked = known
    .map(k => ({ k, d: k.includes(word) ? 1 : distance(word.toLowerCase(), k) }))
    .sort((a, b) => a.d - b.d || (a.k < b.k ? -1 : 1));
  const best = ranked[0];
  return best !== undefined && word !== '' && best.d <= Math.max(2, word.length * TOLERATED) ? `Did you mean ${best.k}? ` : '';
}
