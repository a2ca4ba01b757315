import { expect, test } from 'vitest';
import { plainSentence } from './incident-wording.ts';

const incident = (tied: Parameters<typeof plainSentence>[0]['tied']) => ({
  ...{ id: 'I1', start_ns: '1500000000', end_ns: '1640000000', start_ms: 1500, end_ms: 1640, held_up_ms: 140, requests: 6, excess_ms: 679 },
  causes: [{ cause: 'host-compute' as const, excess_ms: 340, share: 0.5, subject: 'its own code', root: null, symptom: null }],
  ...{ tied, story: '', evidence: [], timeline: null },
});

test('an incident is one sentence', () =>
  expect(plainSentence(incident([]))).toBe(
    'At 1.500 s, for 140 ms, the thread that feeds the GPU computed instead and delayed 6 requests, which cost 679 ms in all.',
  ));

test('and a second one where another cause may as well be the main one', () =>
  expect(plainSentence(incident(['code-load', 'storage-io']))).toMatch(
    / in all\. It may as well be code loading or compiling or storage on the launch path: the data do not tell them apart\.$/,
  ));
