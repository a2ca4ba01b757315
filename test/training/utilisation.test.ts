import { expect, test } from 'vitest';
import { analysed } from './analysed.ts';

const H200 = 989.4e12;
const run = { ranks: 2, steps: 30 } as const;

test('model FLOP utilisation is what the model needs over what the GPUs could do, and says of which precision', async () => {
  const { training, report } = await analysed(run, { flopsPerStep: 2e12 });
  const [first] = training?.ranks ?? [];
  expect(training?.utilisation).toMatchObject({ from: 'given', peak_flops: H200, gpus: 2 });
  expect(training?.utilisation?.median_share).toBeCloseTo(2e12 / ((first?.median_ms ?? 0) / 1000) / (2 * H200), 3);
  expect(training?.utilisation?.peak).toContain('dense BF16');
  expect(report.answer).toContain('Model FLOP utilisation');
});

test('a peak that the user gives counts for more than the table’s', async () => {
  const { training } = await analysed(run, { flopsPerStep: 2e12, peakFlops: 1e14 });
  expect(training?.utilisation).toMatchObject({ peak_flops: 1e14, peak: 'as given; of whichever precision that is' });
});

test('the peak of a GPU that is not known is not guessed', async () => {
  const { training } = await analysed({ ...run, gpus: ['NVIDIA H300 Ultra', 'NVIDIA H300 Ultra'] }, { flopsPerStep: 2e12 });
  expect(training?.utilisation).toBeNull();
  expect(training?.cannot_tell.join(' ')).toContain('the peak of “NVIDIA H300 Ultra” is not known here. Say --peak-flops');
});

test('nor is one peak taken for different GPUs', async () => {
  const { training } = await analysed({ ...run, gpus: ['NVIDIA H200', 'NVIDIA L4'] }, { flopsPerStep: 2e12 });
  expect(training?.utilisation).toBeNull();
  expect(training?.cannot_tell.join(' ')).toContain('different GPUs');
});

test('tokens per second count all steps, the slow ones too', async () => {
  const { training } = await analysed({ ...run, faults: [{ rank: 0, step: 12, kind: 'gc' }] }, { tokensPerStep: 4096 });
  const total = training?.points.filter(p => p.rank === 'rank 0').reduce((s, p) => s + p.duration_ms, 0) ?? 0;
  expect(training?.tokens_per_second).toBeCloseTo((4096 * 29) / (total / 1000), 3);
});

test('nothing is said of either where nobody says how much a step holds', async () => {
  const { training } = await analysed(run);
  expect(training).toMatchObject({ utilisation: null, tokens_per_step: null, tokens_per_second: null });
  expect(training?.cannot_tell.join(' ')).toContain('--flops-per-step');
});
