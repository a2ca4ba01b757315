import { hasWholeRounds, roundSize, rounds } from './rounds.ts';
import { chainHandoffs, range, type Slot, slot, type Textbook } from './textbook.ts';

/**
 * Interleaved 1F1B with the backward split: rank r runs (v − 1)·size + p − r − 1 forwards ahead, and puts off each W until r more B have run. With v = 1 it is
 * ZB-H1.
 */
export const interleavedZb: Textbook = {
  name: 'interleaved-zb',
  source: 'Qi et al., arXiv 2401.10241, ZB1P; torch.distributed.pipelining ScheduleInterleavedZeroBubble',
  fits: shape => shape.v > 1 && hasWholeRounds(shape),
  order: (rank, shape) => {
    const { p, m, v } = shape;
    const table = rounds(shape);
    const at = (kind: 'B' | 'W', i: number): Slot[] => {
      const s = table[i];
      return s === undefined ? [] : [slot(kind, s.microbatch, (v - 1 - s.chunk) * p + rank)];
    };
    const ahead = Math.min(m * v, p - rank - 1 + (v - 1) * roundSize(shape));
    const forwards = table.map(s => slot('F', s.microbatch, s.chunk * p + rank));
    const out: Slot[] = forwards.slice(0, ahead);
    let weights = 0;
    for (const i of range(m * v)) {
      out.push(...forwards.slice(ahead + i, ahead + i + 1), ...at('B', i));
      if (i >= rank) out.push(...at('W', weights++));
    }
    while (weights < m * v) out.push(...at('W', weights++));
    return out;
  },
  handoffs: chainHandoffs,
};
