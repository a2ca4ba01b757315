import { range, type Slot, slot, type Textbook } from './textbook.ts';

/**
 * ZB-V: rank r holds the stages r and 2p − 1 − r, so that the last stage lies on the first rank, and the backward is split. Written for
 * 2p − 1 microbatches or more; with fewer, those that there are.
 */
export const zbv: Textbook = {
  name: 'zbv',
  source: 'Qi et al., arXiv 2401.10241, section 6; torch.distributed.pipelining ScheduleZBVZeroBubble',
  fits: ({ v }) => v === 2,
  order: (rank, { p, m }) => {
    const total = Math.max(2 * p - 1, m);
    const stages = [rank, 2 * p - 1 - rank] as const;
    const next = { F: [0, 0], B: [0, 0], W: [0, 0] } satisfies Record<Slot['kind'], [number, number]>;
    const out: Slot[] = [];
    const run = (kind: Slot['kind'], chunk: 0 | 1) => out.push(slot(kind, next[kind][chunk]++, stages[chunk]));
    const backward = (chunk: 0 | 1) => {
      run('B', chunk);
      run('W', chunk);
    };
    for (const _ of range(2 * (p - rank) - 1)) run('F', 0);
    for (const _ of range(rank)) {
      run('F', 1);
      run('F', 0);
    }
    for (const _ of range(p - rank)) {
      run('F', 1);
      backward(1);
    }
    while (next.F[1] < next.F[0] || next.F[0] < total) {
      if (next.F[0] < total) run('F', 0);
      backward(0);
      run('F', 1);
      backward(1);
    }
    for (const _ of range(rank)) {
      run('B', 0);
      run('B', 1);
    }
    for (const _ of range(p - rank)) {
      run('B', 0);
      run('W', 0);
    }
    while (next.W[1] < next.B[1]) run('W', 1);
    while (next.W[0] < next.B[0]) run('W', 0);
    return out.filter(o => o.microbatch < m);
  },
  handoffs: ({ p, m }) => 2 * m * (2 * p - 2),
};
