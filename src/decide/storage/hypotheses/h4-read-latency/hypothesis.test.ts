import { expect, test } from 'vitest';
import type { RunFigures } from '#decide/storage/experiment';
import { drawExperiment } from '#test/storage-experiments';
import h4 from './hypothesis.ts';

const drawn = drawExperiment({ planted: { h4: 2 }, seed: 3, repeats: 6, requests: 120, noise: 0.05, designs: ['h4'] });
/** The same runs; those without contention tell something else. */
const quietly = (figures: Partial<RunFigures>) => ({
  ...drawn,
  runs: drawn.runs.map(run => (run.arm === 'none' ? { ...run, figures: { ...run.figures, ...figures } } : run)),
});

test('a run in which nothing was read waited for no read', () => {
  const found = h4.examine(quietly({ r_await_ms: null, rps_storage: 0 }));
  expect(typeof found === 'string' ? found : found.runs).toBe(24);
});
test('a run whose reads are not known is not one that read nothing', () => {
  const found = h4.examine(quietly({ r_await_ms: null, rps_storage: null }));
  expect(typeof found === 'string' ? found : found.runs).toBe(18);
});
