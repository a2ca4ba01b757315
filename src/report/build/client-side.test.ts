import { describe, expect, test } from 'vitest';
import { clientFindings, contradictions, intendedLatencies, lowerBoundSentence } from './client-side.ts';
import { requestRow } from './facts.test-data.ts';

/** A hundred requests of 100 ms, sent so much after they should have been. */
const sent = (late_ms: number) =>
  Array.from({ length: 100 }, (_, i) => requestRow(i * 10, 100, { intended_ms: i * 10 - late_ms, first_token_ms: i * 10 + 5 }));

describe('a load generator', () => {
  test.each([
    [4, undefined],
    [10, 'low'],
    [50, 'medium'],
  ])('that sends %s ms late is judged %s', (late, severity) => expect(clientFindings(sent(late), [])[0]?.severity).toBe(severity));
  test('is judged by the latency that counts from the intended start', () => {
    expect(intendedLatencies(sent(50)).map(l => [l.metric, l.p99_ms])).toEqual([
      ['e2e', 150],
      ['ttft', 55],
    ]);
    expect(clientFindings(sent(50), [])[0]?.detail).toContain(
      'up to 50 ms after their intended start (p50 50 ms, p99 50 ms). Counted from the intended start, p99 is 150 ms.',
    );
  });
  test('that does not say when it meant to send makes p99 a lower bound', () => {
    expect(lowerBoundSentence([requestRow(0, 10)])).toContain('p99 is a lower bound');
    expect(lowerBoundSentence([requestRow(0, 10), requestRow(1, 10, { intended_ms: 1 })])).toBeUndefined();
    expect(lowerBoundSentence([requestRow(0, 10, { status: 'failed' })])).toBeUndefined();
    expect(intendedLatencies([requestRow(0, 10)])).toEqual([]);
  });
});

test('pauses of single streams are one finding, which says how many lasted whole steps', () => {
  const pause = (id: string, steps: number | undefined) => ({ id, from: 0, to: 30e6, excess: 20e6, steps });
  const [found, ...more] = clientFindings([], [pause('a', 3), pause('a', undefined), pause('b', 2), pause('b', 4)]);
  expect(more).toEqual([]);
  expect(found).toMatchObject({ id: 'stream-pauses', severity: 'info' });
  expect(found?.detail).toMatch(/^4 pauses in 2 requests, 80 ms together, .*75 % of them lasted nearly a whole number of engine steps/);
});

test('a stall that most streams did not feel is not blamed, and that is said', () =>
  expect(contradictions([{ start: 3_958e6, end: 4_111.4e6, decoding: 3, stalled: 1 }])).toEqual([
    'What the stall at 3.958 s cost: 2 of 3 requests that were decoding kept their pace in those 153 ms, so it is not blamed. The clocks may differ, or another engine served them.',
  ]));
