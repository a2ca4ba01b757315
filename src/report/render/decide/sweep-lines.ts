import type { Sweep } from '#schema/sweep';

/** What a terminal shows: the page has the rest. */
const MOST_LINES = 11;

const SENTENCE_END = /(?<=[.!?])\s+(?=[A-Z\w])(?<!\d\.\s)/;

/** A sweep for a terminal: the verdict first, a sentence a line, what must be known of it below. */
export function sweepLines({ answer, notes }: Sweep): string[] {
  const [first = '', ...more] = answer.split(SENTENCE_END);
  return [first, ...more.map(line => `  ${line}`), ...notes.map(line => `  ${line}`)].slice(0, MOST_LINES);
}
