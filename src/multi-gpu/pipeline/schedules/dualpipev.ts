import { range, type Slot, slot, type Textbook } from './textbook.ts';

/**
 * DualPipeV: DualPipe cut in half, with the stages r and 2p − 1 − r on rank r. Where a forward of one chunk is run together with a backward of the other,
 * the forward is put first.
 */
export const dualpipev: Textbook = {
  name: 'dualpipev',
  source: 'deepseek-ai/DualPipe, DualPipeV; torch.distributed.pipelining ScheduleDualPipeV',
  fits: ({ p, m, v }) => v === 2 && m >= 2 * p,
  order: (rank, { p, m }) => {
    const stages = [rank, 2 * p - 1 - rank] as const;
    const next = { F: [0, 0], B: [0, 0] } satisfies Record<'F' | 'B', [number, number]>;
    const out: Slot[] = [];
    const pending: Slot[] = [];
    const run = (kind: 'F' | 'B', chunk: 0 | 1, split = false) => {
      const microbatch = next[kind][chunk]++;
      out.push(slot(kind, microbatch, stages[chunk]));
      if (split) pending.push(slot('W', microbatch, stages[chunk]));
    };
    const weight = () => out.push(...pending.splice(0, 1));
    const after = p - rank - 1;
    for (const _ of range(after * 2)) run('F', 0);
    for (const _ of range(rank + 1)) {
      run('F', 0);
      run('F', 1);
    }
    for (const _ of range(after)) {
      run('B', 1, true);
      weight();
      run('F', 1);
    }
    for (const _ of range(m - 2 * p + rank + 1)) {
      run('F', 0);
      run('B', 1);
      run('F', 1);
      run('B', 0);
    }
    for (const _ of range(after)) {
      run('B', 1);
      run('F', 1);
      run('B', 0);
    }
    const half = Math.floor((rank + 1) / 2);
    let split = false;
    for (const i of range(rank + 1)) {
      if (i === half && rank % 2 === 1) split = true;
      run('B', 1, split);
      if (i === half && rank % 2 === 0) split = true;
      run('B', 0, split);
    }
    for (const _ of range(after)) {
      weight();
      run('B', 0, split);
    }
    for (const _ of range(rank + 1)) weight();
    return out;
  },
  handoffs: ({ p, m }) => 2 * m * (2 * p - 2),
};
