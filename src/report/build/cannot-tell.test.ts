import { describe, expect, test } from 'vitest';
import { blindness, cannotTell, type Seen } from './cannot-tell.ts';
import { endToEnd } from './facts.test-data.ts';

const PROFILER = 'What the profiler itself cost: that takes an unprofiled control run.';
const said = (over: Partial<Seen> = {}) =>
  cannotTell({
    ...{
      untraced: undefined,
      ops: 100,
      lanes: 1,
      hasRequests: true,
      finished: 20,
      judged: 20,
      lacks: [],
      unjoined: 0,
      e2e: endToEnd(100),
      verdicts: [],
      ...over,
    },
  });

describe('what cannot be told', () => {
  test('of a whole case is the cost of the profiler alone', () => expect(said()).toEqual([PROFILER]));
  test.each<[string, Partial<Seen>, RegExp]>([
    ['without GPU work', { ops: 0, lanes: 0 }, /^The trace holds no GPU work\.$/],
    ['without a load test', { hasRequests: false }, /^Which requests were slow: no load test came/],
    ['with requests outside the trace', { finished: 21 }, /^What happened to 1 request that ran, wholly or partly, outside the trace\.$/],
    ['without results', { lanes: 0 }, /^Where a step of the engine ends: /],
    [
      'with requests that fit none of several lanes',
      { lanes: 3, finished: 25, unjoined: 5 },
      /^Which of 3 processes or GPUs that return results served 5 requests: the times of their tokens fit none of them better than chance\.$/,
    ],
    ['with what the trace lacks', { lacks: ['What the GPU did: all was lost.'] }, /^What the GPU did: all was lost\.$/],
    [
      'with few requests',
      { e2e: endToEnd(100, 113, null) },
      /^How high p99 may be at the most: 113 requests were judged, and an upper bound takes about 370/,
    ],
  ])('%s', (_, over, sentence) => {
    expect(said(over)).toHaveLength(2);
    expect(said(over)).toEqual(expect.arrayContaining([expect.stringMatching(sentence), PROFILER]));
  });
  test('several lanes that all requests were told apart by leave nothing open', () => expect(said({ lanes: 3 })).toEqual([PROFILER]));
  test('a pipeline needs no lane', () => expect(said({ lanes: 'none needed' })).toEqual([PROFILER]));
  test('detectors that could not look say why; the others are silent', () =>
    expect(
      said({
        verdicts: [
          { detector: 'paging', cause: 'paging', verdict: 'cannot-tell', lost_ms: null, clear_above_ms: null, reason: 'no host samples' },
          {
            detector: 'storage-io',
            cause: 'storage-io',
            verdict: 'cannot-tell',
            lost_ms: null,
            clear_above_ms: null,
            reason: 'no host samples',
          },
          {
            detector: 'kv-preemption',
            cause: 'kv-preemption',
            verdict: 'cannot-tell',
            lost_ms: null,
            clear_above_ms: null,
            reason: 'no counts',
          },
          { detector: 'code-load', cause: 'code-load', verdict: 'clear', lost_ms: 0, clear_above_ms: 10, reason: 'Looked.' },
        ],
      }),
    ).toEqual([
      PROFILER,
      'Whether any time went to paging on the host, storage on the launch path: no host samples.',
      'Whether any time went to kv cache preemption: what shows it is recorded only where it is asked for.',
    ]));
});

test('nothing can be said about causes without GPU work, or without a lane that serves the requests', () => {
  expect(blindness(0, true, 0, undefined)).toContain('no GPU work');
  expect(blindness(9, true, 0, undefined)).toContain('causes cannot be told');
  expect([blindness(9, true, 1, undefined), blindness(9, false, 0, undefined)]).toEqual([undefined, undefined]);
});
