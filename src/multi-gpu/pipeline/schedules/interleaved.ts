import { hasWholeRounds, roundSize, rounds } from './rounds.ts';
import { chainHandoffs, slot, type Textbook } from './textbook.ts';

/**
 * Interleaved 1F1B: rank r holds the stages r, r + p, …, and runs 2·(p − r − 1) + (v − 1)·size forwards ahead, where `size` microbatches make
 * a round. Megatron-LM and PyTorch agree where m is a multiple of p, as Megatron-LM wants it.
 */
export const interleaved: Textbook = {
  name: 'interleaved',
  source:
    'Narayanan et al., arXiv 2104.04473, section 2.2.2; Megatron-LM core/pipeline_parallel/schedules.py; torch.distributed.pipelining ScheduleInterleaved1F1B',
  fits: shape => shape.v > 1 && hasWholeRounds(shape),
  order: (rank, shape) => {
    const { p, m, v } = shape;
    const table = rounds(shape);
    const forward = table.map(s => slot('F', s.microbatch, s.chunk * p + rank));
    const backward = table.map(s => slot('B', s.microbatch, (v - 1 - s.chunk) * p + rank));
    const ahead = Math.min(m * v, (p - rank - 1) * 2 + (v - 1) * roundSize(shape));
    return [
      ...forward.slice(0, ahead),
      ...forward.slice(ahead).flatMap((f, i) => [f, ...backward.slice(i, i + 1)]),
      ...backward.slice(m * v - ahead),
    ];
  },
  overhead: ({ p, m, v }) => (p - 1) / (v * m),
  handoffs: chainHandoffs,
};
