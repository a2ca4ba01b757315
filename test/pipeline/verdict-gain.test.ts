import { expect, test } from 'vitest';
import { pipelineVerdict } from '#report/build/parallel/pipeline-verdict';
import { pipelineSample } from '../report-sample/parallel.ts';

const verdictWith = (speedup: number, iteration_ms: number[]) =>
  pipelineVerdict(
    pipelineSample().schedules.map(s => ({ ...s, iteration_ms, what_if: [{ what: 'hand-offs that take no time', speedup }] })),
  );

test('what no single change gains by more than iterations differ is said', () =>
  expect(verdictWith(1.016, [78, 84, 86])).toMatch(
    / No single change would speed it up by more than 1\.6 %, which is less than iterations differ by\.$/,
  ));

test('nothing is said of a change that is worth it, or that nothing was tried', () => {
  expect(verdictWith(1.3, [78, 84, 86])).not.toContain('No single change');
  expect(pipelineVerdict(pipelineSample().schedules.map(s => ({ ...s, what_if: [] })))).not.toContain('No single change');
});
