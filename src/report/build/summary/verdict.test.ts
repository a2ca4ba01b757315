import { describe, expect, test } from 'vitest';
import { CAUSE_TEXT } from '#schema/causes';
import type { LaneBooks } from '#schema/summary';
import { endToEnd, judgedCause } from '../facts.test-data.ts';
import { devicesVerdict, incidentsOf, isFault, laneVerdict, trainingVerdict, verdictOf, whenOf } from './verdict.ts';

type Facts = Parameters<typeof verdictOf>[0];

const fault = (lower: number, upper: number, incidents = ['I1']) => ({
  ...judgedCause('gpu-contention', { p99_without_ms: { lower, upper }, incidents }),
  ...{ requests: 16, when: incidents.length === 0 ? 'throughout' : '7.740 s', moments: incidents.length },
});
const facts = (over: Partial<Facts> = {}): Facts => ({
  ...{ e2e: endToEnd(500), slow: 16, faults: [], unexplained: { excess_ms: 0, share: 0 }, blind: undefined, isHealthy: false },
  ...{
    hostBound: undefined,
    chronic: undefined,
    wholeTest: undefined,
    requests: { total: 34, finished: 34, failed: 0, judged: 34 },
    plainly: cause => CAUSE_TEXT[cause].plainly,
  },
  ...over,
});

describe('the first line', () => {
  test.each<[string, Partial<Facts>, string]>([
    [
      'says what p99 would be without the largest cause, and what that did',
      { faults: [fault(416, 416)] },
      'p99 was 500 ms; 416 ms without the largest cause: other GPU work slowed 16 requests at 7.740 s.',
    ],
    [
      'says that p99 would not move, and how many it made slow',
      { faults: [fault(500, 500)] },
      'p99 was 500 ms, and would not move without the largest cause; it made 16 of 34 requests slow: other GPU work slowed them at 7.740 s.',
    ],
    [
      'gives no moment for what is throughout',
      { faults: [fault(416, 420, [])] },
      'p99 was 500 ms; 416 to 420 ms without the largest cause: other GPU work slowed 16 requests.',
    ],
    [
      'says whose work a neighbour is',
      { faults: [{ ...fault(416, 416), subject: 'kernel “gemm” on stream 13 of the same process' }] },
      'p99 was 500 ms; 416 ms without the largest cause: other GPU work of the same process slowed 16 requests at 7.740 s.',
    ],
    [
      'does not hide a p99 of the whole test that is another one',
      { slow: 0, isHealthy: true, wholeTest: endToEnd(13_868) },
      'Healthy: p99 was 500 ms, and nothing held requests up. Outside the trace it was worse: over the whole test p99 was 13,868 ms.',
    ],
    [
      'is not told where it is better',
      { slow: 0, isHealthy: true, wholeTest: endToEnd(300) },
      'Healthy: p99 was 500 ms, and nothing held requests up.',
    ],
    [
      'is not repeated where it is the same',
      { slow: 0, isHealthy: true, wholeTest: endToEnd(500) },
      'Healthy: p99 was 500 ms, and nothing held requests up.',
    ],
    [
      'counts the requests that failed, and those that did not finish',
      { slow: 0, isHealthy: true, requests: { total: 519, finished: 300, failed: 20, judged: 290 } },
      'Healthy: p99 was 500 ms, and nothing held requests up. Of 519 requests 20 failed, and 199 did not finish before the load test ended.',
    ],
    [
      'does not hide beside an incident what is in every step',
      { faults: [fault(416, 416)], hostBound: { share: 0.81, cause: 'code-load' } },
      'p99 was 500 ms; 416 ms without the largest cause: other GPU work slowed 16 requests at 7.740 s. Every step waits for the host too: 81 % of the time, most of it code loading or compiling.',
    ],
    ['calls a clean run healthy', { slow: 0, isHealthy: true }, 'Healthy: p99 was 500 ms, and nothing held requests up.'],
    [
      'calls nothing healthy where something was missing to look with',
      { slow: 0 },
      'p99 was 500 ms, and nothing was found that held requests up.',
    ],
    ['says that slow requests have no cause', {}, 'p99 was 500 ms. 16 of 34 requests were slow, and no cause was found.'],
    ['says why nothing can be told', { blind: 'Why cannot be told: all was lost.' }, 'p99 was 500 ms. Why cannot be told: all was lost.'],
    [
      'tells what is in every step',
      { slow: 0, chronic: 'The GPU stands still' },
      'p99 was 500 ms, and no request stands out; but the GPU stands still.',
    ],
    [
      'tells what waits for the host',
      { slow: 0, hostBound: { share: 0.6, cause: 'host-compute' } },
      'p99 was 500 ms. No request stands out, but every step waits for the host: 60 % of the time with requests in flight, most of it host computing.',
    ],
  ])('%s', (_, over, sentence) => expect(verdictOf(facts(over))).toBe(sentence));
});

const books = (parts: readonly (readonly [LaneBooks['parts'][number]['what'], number])[]): LaneBooks => ({
  ...{ process: 1, device: 'GPU 0' },
  parts: parts.map(([what, share]) => ({ what, ms: 1000 * share, share })),
});

test.each([
  [
    'worked for 11 % of 1.000 s; for 77 % the thread that feeds it waited (whether for work, only a load test tells).',
    [
      ['waiting', 0.77],
      ['work', 0.11],
      ['launches', 0.09],
    ],
  ],
  [
    'worked for 60 % of 1.000 s; for 25 % it lost time to blocking copy, for 12 % it stood still between one launch and the next.',
    [
      ['work', 0.6],
      ['blocking-copy', 0.25],
      ['launches', 0.12],
    ],
  ],
  [
    'worked for 99 % of 1.000 s, and nothing else takes a tenth of it.',
    [
      ['work', 0.99],
      ['unknown', 0.01],
    ],
  ],
] as const)('without requests a lane %s', (sentence, parts) => expect(laneVerdict(books(parts), 1000)).toBe(`GPU 0 ${sentence}`));

test('where not even work can be seen nothing is said of busy', () => {
  expect(devicesVerdict([], false, 'Why cannot be told: all was lost.')).toBe('Why cannot be told: all was lost.');
  expect(devicesVerdict([], true, undefined)).toBe('Nothing can be said about the GPU by this trace.');
});

test.each([
  ['throughout', []],
  ['7.755 s', [7_755]],
  ['1.000 s and 9.500 s', [9_500, 1_000]],
  ['3 times from 1.000 s to 9.500 s', [9_500, 1_000, 4_000]],
] as const)('what happened is dated %s', (words, starts) => expect(whenOf(starts.map(start_ms => ({ start_ms })))).toBe(words));

test('a cause that leads no incident was at work in those that hold most of what it cost, and else throughout', () => {
  const incident = (id: string, cause: 'clock-throttle' | 'paging', excess_ms: number) => ({
    ...{ id, start_ms: 0 },
    causes: [{ cause, excess_ms, share: 1, subject: '', root: null, symptom: null }],
  });
  const all = [incident('I1', 'paging', 90), incident('I9', 'clock-throttle', 98)];
  const found = (excess_ms: number, incidents: string[] = []) =>
    incidentsOf(all, { cause: 'clock-throttle', excess_ms, incidents }).map(i => i.id);
  expect([found(100), found(300), found(5000, ['I1'])]).toEqual([['I9'], [], ['I1']]);
});

test('the first line of a training is what made steps slow, not who waited for it', () => {
  const t = {
    ...{
      excess_ms: 16_178,
      slow: [{}, {}, {}, {}],
      ranks: [
        { median_ms: 46.9, steps: 357 },
        { median_ms: 46.9, steps: 358 },
      ],
    },
    books: [
      { cause: 'storage-io', steps: 2, excess_ms: 11_238, share: 0.69, subject: 'checkpoint: serialising and writing', ranks: ['rank 0'] },
      { cause: 'unexplained', steps: 4, excess_ms: 0, share: 0, subject: '', ranks: [] },
    ],
  } as unknown as Parameters<typeof trainingVerdict>[0];
  expect(trainingVerdict(t, [{ cause: 'storage-io', when: '7.441 s and 20.555 s', moments: 2 }])).toBe(
    '4 of 358 training steps took 16,178 ms longer than the usual 46.9 ms, together; mostly, file access by the thread that feeds the GPU delayed 2 steps of rank 0 at 7.441 s and 20.555 s (checkpoint: serialising and writing).',
  );
  expect(trainingVerdict({ ...t, books: [] }, [])).toBeUndefined();
});

test('waits for admission that are in no incident are no fault', () =>
  expect([
    isFault({ cause: 'queueing', incidents: [] }),
    isFault({ cause: 'queueing', incidents: ['I1'] }),
    isFault({ cause: 'paging', incidents: [] }),
  ]).toEqual([false, true, true]));
