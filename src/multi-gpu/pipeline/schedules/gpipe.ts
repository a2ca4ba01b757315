import { chainHandoffs, range, slot, type Textbook } from './textbook.ts';

/** All forwards, then all backwards. */
export const gpipe: Textbook = {
  name: 'gpipe',
  source: 'Huang et al., GPipe, arXiv 1811.06965',
  fits: ({ v }) => v === 1,
  order: (rank, { m }) => [...range(m).map(i => slot('F', i, rank)), ...range(m).map(i => slot('B', i, rank))],
  overhead: ({ p, m }) => (p - 1) / m,
  handoffs: chainHandoffs,
};

/** The same with the backwards in the opposite order, as GPipe's own figure has it. */
export const gpipeReversed: Textbook = {
  ...gpipe,
  order: (rank, { m }) => [...range(m).map(i => slot('F', i, rank)), ...range(m).map(i => slot('B', m - 1 - i, rank))],
};
