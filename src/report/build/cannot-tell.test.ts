import { describe, expect, test } from 'vitest';
import { blindness, cannotTell, type Seen } from './cannot-tell.ts';
import { endToEnd } from './facts.test-data.ts';

const PROFILER = 'What the profiler itself cost: that takes an unprofiled control run.';
const said = (over: Partial<Seen> = {}) =>
  cannotTell({
    ...{ ops: 100, lane: { others: 0 }, hasRequests: true, finished: 20, judged: 20, e2e: endToEnd(100), verdicts: [], ...over },
  });

describe('what cannot be told', () => {
  test('of a whole case is the cost of the profiler alone', () => expect(said()).toEqual([PROFILER]));
  test.each<[string, Partial<Seen>, RegExp]>([
    ['without GPU work', { ops: 0, lane: undefined }, /^The trace holds no GPU work\.$/],
    ['without a load test', { hasRequests: false }, /^Which requests were slow: no load test came/],
    ['with requests outside the trace', { finished: 21 }, /^What happened to 1 request that ran, wholly or partly, outside the trace\.$/],
    ['without results', { lane: undefined }, /^Where an engine step ends: /],
    ['with other lanes', { lane: { others: 2 } }, /^Which of 3 processes or GPUs that return results served a request/],
    ['with few requests', { e2e: endToEnd(100, 113, null) }, /^How high p99 may really be: 113 requests give no upper bound/],
  ])('%s', (_, over, sentence) => {
    expect(said(over)).toHaveLength(2);
    expect(said(over)).toEqual(expect.arrayContaining([expect.stringMatching(sentence), PROFILER]));
  });
  test('a pipeline needs no lane', () => expect(said({ lane: 'none needed' })).toEqual([PROFILER]));
  test('detectors that could not look say why; the others are silent', () =>
    expect(
      said({
        verdicts: [
          { detector: 'paging', cause: 'paging', verdict: 'cannot-tell', reason: 'no host samples' },
          { detector: 'code-load', cause: 'code-load', verdict: 'clear', reason: 'Looked.' },
        ],
      }),
    ).toEqual([PROFILER, 'Whether there was paging: no host samples.']));
});

test('nothing can be said about causes without GPU work, or without a lane that serves the requests', () => {
  expect(blindness(0, true, undefined)).toContain('no GPU work');
  expect(blindness(9, true, undefined)).toContain('causes cannot be told');
  expect([blindness(9, true, { others: 0 }), blindness(9, false, undefined)]).toEqual([undefined, undefined]);
});
