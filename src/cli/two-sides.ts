/** Stands between the two sides of a comparison, or before the command of a server: no path can be called so. */
const BETWEEN = '\0';

/** The command that the words mean, as far as it has two sides. */
const commandOf = (words: readonly string[]): string | undefined => words.find(word => !word.startsWith('-'));

/** Puts a mark where two sides part: a parser of options drops the --, and takes no option that follows. */
export function markSides(words: readonly string[]): readonly string[] {
  const at = words.indexOf('--');
  switch (at < 0 ? undefined : commandOf(words)) {
    // Options may follow the second side of a comparison.
    case 'compare':
      return words.map(word => (word === '--' ? BETWEEN : word));
    // What follows is another program's.
    case 'run':
      return [...words.slice(0, at), BETWEEN, ...words.slice(at)];
    default:
      return words;
  }
}

/** What stands on either side of the mark; of two words without one each is a side. */
export function sidesOf(operands: readonly string[]): readonly [readonly string[], readonly string[]] {
  const at = operands.indexOf(BETWEEN);
  if (at < 0) return operands.length === 2 ? [operands.slice(0, 1), operands.slice(1)] : [operands, []];
  return [operands.slice(0, at), operands.slice(at + 1).filter(word => word !== BETWEEN)];
}

/** What stands before the mark, and the command after it. */
export function commandAfter(operands: readonly string[]): readonly [readonly string[], readonly string[]] {
  const at = operands.indexOf(BETWEEN);
  return at < 0 ? [operands, []] : [operands.slice(0, at), operands.slice(at + 1)];
}
