/** Turns `compare a b -- c d` into `compare a b --candidate=c --candidate=d`: a parser of options drops where the two sides part. */
export function candidateWords(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  if (words.find(word => !word.startsWith('-')) !== 'compare' || end < 0) return words;
  return [...words.slice(0, end), ...words.slice(end + 1).map(word => `--candidate=${word}`)];
}
