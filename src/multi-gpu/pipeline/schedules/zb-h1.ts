import { chainHandoffs, range, type Slot, slot, type Textbook } from './textbook.ts';

/** 1F1B with the backward split: rank r puts off each W until r more B have run, and fills its waiting time with them. */
export const zbH1: Textbook = {
  name: 'zb-h1',
  source: 'Qi et al., arXiv 2401.10241, section 2.1',
  fits: ({ v }) => v === 1,
  order: (rank, { p, m }) => {
    const ahead = Math.min(m, p - rank - 1);
    const out: Slot[] = range(ahead).map(i => slot('F', i, rank));
    let weights = 0;
    for (const i of range(m)) {
      if (ahead + i < m) out.push(slot('F', ahead + i, rank));
      out.push(slot('B', i, rank));
      if (i >= rank) out.push(slot('W', weights++, rank));
    }
    while (weights < m) out.push(slot('W', weights++, rank));
    return out;
  },
  // (p − 1)/(3·m) where all three take the same time.
  overhead: ({ p, m }, { F, B, W }) => ((p - 1) * (F + B - W)) / (m * (F + B + W)),
  handoffs: chainHandoffs,
};
