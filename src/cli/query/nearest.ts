import { distance } from 'fastest-levenshtein';

/** Half of a word may be wrong: a suggestion that is far off is still better than none, but a foreign word gets none. */
const TOLERATED = 0.5;

/** "Did you mean …? " for a word that is unknown, or nothing where no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const ranked = known
    .map(name => ({ name, edits: name.includes(word) ? 1 : distance(word.toLowerCase(), name) }))
    .sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1));
  const [best] = ranked;
  return best !== undefined && word !== '' && best.edits <= Math.max(2, word.length * TOLERATED) ? `Did you mean ${best.name}? ` : '';
}
