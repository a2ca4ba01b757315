import { valueAt } from '#core/columns';
import { range, type Slot, slot, type Textbook } from './textbook.ts';

/**
 * DeepSeek's DualPipe: half of the microbatches enter at the first rank, half at the last, and each rank holds a stage of either
 * direction. Where a forward of one direction is run together with a backward of the other, the forward is put first.
 */
export const dualpipe: Textbook = {
  name: 'dualpipe',
  source: 'DeepSeek-V3 technical report, arXiv 2412.19437, section 3.2.1; deepseek-ai/DualPipe',
  fits: ({ p, m, v }) => v === 2 && p % 2 === 0 && m % 2 === 0 && m >= 2 * p,
  order: (rank, { p, m }) => {
    const half = p / 2;
    const second = rank >= half;
    const inner = Math.min(rank, p - 1 - rank);
    const middle = rank === half - 1 || rank === half;
    const out: Slot[] = [];
    const next = { F: [0, 0], B: [0, 0] };
    const pending: Slot[] = [];
    // Direction 0 is the one that reaches this half of the ranks first.
    const place = (direction: number) => (direction === 1) !== second;
    const at = (kind: 'F' | 'B' | 'W', direction: number, n: number) =>
      slot(kind, n + (place(direction) ? m / 2 : 0), place(direction) ? p - 1 - rank : rank);
    const run = (kind: 'F' | 'B', direction: number, split = false) => {
      const n = valueAt(next[kind], direction);
      next[kind][direction] = n + 1;
      out.push(at(kind, direction, n));
      if (split) pending.push(at('W', direction, n));
    };
    const weight = () => {
      const w = pending.shift();
      if (w) out.push(w);
    };
    const both = (forward: number, backward: number) => {
      run('F', forward);
      run('B', backward);
    };
    for (const _ of range((half - inner - 1) * 2)) run('F', 0);
    for (const _ of range(inner + 1)) {
      run('F', 0);
      run('F', 1);
    }
    for (const _ of range(half - inner - 1)) {
      run('B', 1, true);
      weight();
      run('F', 1);
    }
    for (const i of range(m / 2 - p + inner + 1)) {
      if (i === 0 && middle) {
        run('F', 0);
        run('B', 1);
      } else both(0, 1);
      both(1, 0);
    }
    for (const _ of range(half - inner - 1)) {
      run('B', 1);
      both(1, 0);
    }
    let split = false;
    for (const i of range(inner + 1)) {
      if (i === Math.floor((inner + 1) / 2) && inner % 2 === 1) split = true;
      run('B', 1, split);
      if (i === Math.floor((inner + 1) / 2) && inner % 2 === 0) split = true;
      run('B', 0, split);
    }
    for (const _ of range(half - inner - 1)) {
      weight();
      run('B', 0, true);
    }
    for (const _ of range(inner + 1)) weight();
    return out;
  },
  // (PP/2 − 1)(F&B + B − 3W), where B is a whole backward and F&B a pair that runs as one (table 2 of the report). Without names for W
  // it cannot be given.
  overhead: ({ p, m }, { F, W, backward }) => (W > 0 ? ((p / 2 - 1) * (F + 2 * backward - 3 * W)) / (m * (F + backward)) : undefined),
  handoffs: ({ p, m }) => 2 * m * (p - 1),
};
