import { chainHandoffs, range, type Shape, slot, type Textbook } from './textbook.ts';

/** Microbatch and chunk of every step: p microbatches of one chunk, then the same p of the next one. */
function steps({ p, m, v }: Shape): { readonly microbatch: number; readonly chunk: number }[] {
  return range(Math.ceil(m / p)).flatMap(turn =>
    range(v).flatMap(chunk => range(Math.min(p, m - turn * p)).map(i => ({ microbatch: turn * p + i, chunk }))),
  );
}

/** Megatron-LM's interleaved 1F1B: rank r holds the stages r, r + p, …, and runs 2·(p − r − 1) + (v − 1)·p forwards ahead. */
export const interleaved: Textbook = {
  name: 'interleaved',
  source: 'Narayanan et al., arXiv 2104.04473, section 2.2.2; Megatron-LM core/pipeline_parallel/schedules.py',
  fits: ({ v }) => v > 1,
  order: (rank, shape) => {
    const { p, m, v } = shape;
    const table = steps(shape);
    const forward = table.map(s => slot('F', s.microbatch, s.chunk * p + rank));
    const backward = table.map(s => slot('B', s.microbatch, (v - 1 - s.chunk) * p + rank));
    const ahead = Math.min(m * v, (p - rank - 1) * 2 + (v - 1) * p);
    return [
      ...forward.slice(0, ahead),
      ...forward.slice(ahead).flatMap((f, i) => [f, ...backward.slice(i, i + 1)]),
      ...backward.slice(m * v - ahead),
    ];
  },
  overhead: ({ p, m, v }) => (p - 1) / (v * m),
  handoffs: chainHandoffs,
};
