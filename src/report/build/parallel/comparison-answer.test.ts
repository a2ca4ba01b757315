import { expect, test } from 'vitest';
import { comparisonAnswer, schedulesAnswer } from './comparison-answer.ts';

const compared = (over: Partial<Parameters<typeof comparisonAnswer>[0][number]> = {}) => ({
  before: 'before: 1f1b',
  after: 'after: interleaved',
  speedup: 1.25,
  speedup_ci: [1.2, 1.3] as [number, number],
  bubble_share: [0.12, 0.06] as [number, number],
  exposed_communication_ms: [1, 2] as [number, number],
  peak_microbatches: [2, 3] as [number, number],
  differences: [],
  ...over,
});

test('says which became faster, with its interval, bubble, exposed communication and memory', () => {
  expect(comparisonAnswer([compared()])).toBe(
    'Against the run before, it became faster.\n- 1F1B → interleaved 1F1B: 1.250 times as fast (95 % interval 1.200 to 1.300); bubble 12.0 % → 6.0 %, exposed communication 1 → 2 ms an iteration, at most 2 → 3 microbatches in flight on a stage.',
  );
});

test('an interval that holds 1 is no difference, and none is none', () => {
  expect(comparisonAnswer([compared({ speedup_ci: [0.9, 1.3] })])).toMatch(/^Against the run before, no difference in speed is sure\.\n/);
  expect(comparisonAnswer([compared({ speedup_ci: null })])).toMatch(/times as fast; bubble/);
});

test('what spoils the comparison is said; one name where both are the same', () => {
  const line = comparisonAnswer([
    compared({ after: 'after: 1f1b', speedup: 0.5, speedup_ci: [0.4, 0.6], peak_microbatches: [2, 2], differences: ['other work'] }),
  ]);
  expect(line).toMatch(
    /^Against the run before, it became slower\.\n- 1F1B: 0\.500 times .* ms an iteration\. What else differs: other work\.$/,
  );
});

test('nothing compared says nothing', () => expect(comparisonAnswer([])).toBe(''));

test('schedules of one run are compared with one another', () => {
  const sure = compared({ before: '1f1b', after: 'interleaved' });
  const unsure = compared({ before: 'gpipe', after: '1f1b', speedup_ci: [0.9, 1.3] });
  expect(schedulesAnswer([sure])).toMatch(/^The schedules of this run differ in speed\.\n- 1F1B → interleaved 1F1B: 1\.250 times as fast/);
  expect(schedulesAnswer([unsure])).toMatch(/^Among the schedules of this run no difference in speed is sure\.\n- GPipe → 1F1B/);
  expect(schedulesAnswer([sure, unsure])).toMatch(/^Among the schedules of this run 1 of 2 pairs surely differ in speed\.\n/);
  expect(schedulesAnswer([])).toBe('This run shows no two schedules to compare.');
});
