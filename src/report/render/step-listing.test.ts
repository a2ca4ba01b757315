import { expect, test } from 'vitest';
import type { EngineStepKind } from '#schema/engine-steps';
import { stepWork, usualWords } from './step-listing.ts';

const kind = (work: EngineStepKind['work']): EngineStepKind => ({
  ...{ process: 7, device: 'GPU 0', kind: 'decode', told_by: 'tokens', steps: 9, share: 1 },
  ...{ median_ms: 4, work_ms: 4, seen_above_ms: 10, excess_ms: 0, work },
});

test('shows the usual amount and its range, one number where they are one, a dash where it is not known', () => {
  const listing = stepWork([
    kind({ sequences: { median: 8, min: 1, max: 16 }, prompt_tokens: null, generated_tokens: { median: 8, min: 8, max: 8 } }),
  ]);
  expect(listing.rows).toEqual([['decode: one token each', '7 on GPU 0', '8 (1–16)', '–', '8']]);
});

test('has no row for a kind of which no times of tokens are known', () => expect(stepWork([kind(null)]).rows).toEqual([]));

test('fewer than ten steps have no usual one', () => {
  expect(usualWords(kind(null), 4)).toBe('–');
  expect(usualWords({ ...kind(null), steps: 10 }, 4)).toBe('4 ms');
});
