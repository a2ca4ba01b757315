import { Report } from '#schema/report';
import type { Training } from '#schema/training';
import { parallelReport } from './parallel.ts';

const STEPS = 60;
const SLOW = 20;
const RANKS = ['rank 0', 'rank 1'] as const;

/** Sixty steps of two ranks, one of which wrote a checkpoint. */
export function trainingSample(): Training {
  const lengthOf = (i: number) => (i === SLOW ? 1_050 : 50 + (i % 5) / 10);
  const subject = 'checkpoint: serialising and writing';
  return {
    answer: '60 training steps of 2 ranks in lockstep took 50.2 ms (median)',
    by: 'optimizer',
    mark: 'its kernels',
    sure: 'high',
    alike_share: 1,
    lockstep: true,
    ranks: RANKS.map((rank, k) => ({
      ...{ rank, device: `GPU ${k}`, steps: STEPS, median_ms: 50.2, p90_ms: 50.4, p99_ms: 1_050, max_ms: 1_050, limit_ms: 60.2 },
    })),
    excess_ms: 999.8,
    books: [
      { cause: 'storage-io', steps: 1, excess_ms: 990, share: 0.99, subject, ranks: ['rank 0'] },
      { cause: 'unexplained', steps: 0, excess_ms: 9.8, share: 0.01, subject: '', ranks: ['rank 0'] },
    ],
    slow: [
      {
        ...{ number: SLOW + 1, start_ms: 1_004, duration_ms: 1_050, usual_ms: 50.2, excess_ms: 999.8, rank: 'rank 0', incident: 'I1' },
        causes: [
          { cause: 'storage-io', excess_ms: 990, share: 0.99, subject },
          { cause: 'unexplained', excess_ms: 9.8, share: 0.01, subject: '' },
        ],
        others: [
          {
            ...{ rank: 'rank 1', duration_ms: 1_050, excess_ms: 999.8 },
            causes: [{ cause: 'collective-wait', excess_ms: 999.8, share: 1, subject: `rank 0 was late: storage-io (${subject})` }],
          },
        ],
      },
    ],
    utilisation: {
      ...{
        flops_per_step: 2e13,
        from: 'given',
        peak_flops: 989.4e12,
        peak: 'dense BF16 peak',
        gpus: 2,
        median_share: 0.2,
        mean_share: 0.15,
      },
    },
    tokens_per_step: 8_192,
    tokens_per_second: 122_000,
    points: RANKS.flatMap(rank =>
      Array.from({ length: STEPS }, (_, i) => ({ rank, number: i + 1, t_ms: i * 50.2, duration_ms: lengthOf(i), slow: i === SLOW })),
    ),
    cannot_tell: ['Which worker process of the data loader was slow'],
  };
}

/** A training of two ranks, without any requests. */
export const trainingReport = (training: Training = trainingSample()): Report =>
  Report.parse({ ...parallelReport('collectives'), training, answer: `${training.answer}.` });
