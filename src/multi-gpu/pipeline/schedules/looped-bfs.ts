import { chainHandoffs, range, slot, type Textbook } from './textbook.ts';

/** GPipe on several chunks a rank: all microbatches through one chunk, then all through the next; backwards the other way round. */
export const loopedBfs: Textbook = {
  name: 'looped-bfs',
  source: 'Lamy-Poirier, Breadth-First Pipeline Parallelism, arXiv 2211.05953, section 3; torch.distributed.pipelining ScheduleLoopedBFS',
  fits: ({ v }) => v > 1,
  order: (rank, { p, m, v }) => [
    ...range(v).flatMap(chunk => range(m).map(i => slot('F', i, chunk * p + rank))),
    ...range(v).flatMap(chunk => range(m).map(i => slot('B', m - 1 - i, (v - 1 - chunk) * p + rank))),
  ],
  overhead: ({ p, m, v }) => (p - 1) / (v * m),
  handoffs: chainHandoffs,
};
