/** Stands between the two sides of a comparison: no path can be called so. */
const BETWEEN = '\0';

/** Puts a mark in the place of the -- of `compare a b -- c d`: a parser of options drops it, and takes no option that follows. */
export const markSides = (words: readonly string[]): readonly string[] =>
  words.find(word => !word.startsWith('-')) === 'compare' ? words.map(word => (word === '--' ? BETWEEN : word)) : words;

/** What stands on either side of the mark; of two words without one each is a side. */
export function sidesOf(operands: readonly string[]): readonly [readonly string[], readonly string[]] {
  const at = operands.indexOf(BETWEEN);
  if (at < 0) return operands.length === 2 ? [operands.slice(0, 1), operands.slice(1)] : [operands, []];
  return [operands.slice(0, at), operands.slice(at + 1).filter(word => word !== BETWEEN)];
}
