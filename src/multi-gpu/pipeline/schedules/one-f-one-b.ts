import { chainHandoffs, range, slot, type Textbook } from './textbook.ts';

/** Rank r runs p − r − 1 forwards ahead, then one forward and one backward in turn. */
export const oneFOneB: Textbook = {
  name: '1f1b',
  source: 'Narayanan et al., arXiv 2104.04473, section 2.2.1',
  fits: ({ v }) => v === 1,
  order: (rank, { p, m }) => {
    const ahead = Math.min(m, p - rank - 1);
    return [
      ...range(ahead).map(i => slot('F', i, rank)),
      ...range(m - ahead).flatMap(i => [slot('F', ahead + i, rank), slot('B', i, rank)]),
      ...range(ahead).map(i => slot('B', m - ahead + i, rank)),
    ];
  },
  overhead: ({ p, m }) => (p - 1) / m,
  handoffs: chainHandoffs,
};
