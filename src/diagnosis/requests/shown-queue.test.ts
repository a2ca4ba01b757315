import { describe, expect, test } from 'vitest';
import { beatsOf, piecesOf, requestRow, requestsOf } from '#test/attribution-sample';
import { shownQueue } from './shown-queue.ts';

/** Steps of 1 ms, of which those from 100 to 110 take 20 ms longer: prompts. They hold the time from 100 to 310 ms. */
const STEPS = piecesOf(beatsOf(600, Object.fromEntries(Array.from({ length: 10 }, (_, k) => [100 + k, 20]))));
/** One that came and was let in at these times, ms, and stayed for long. */
const waited = (arrival: number, served: number, end = 790) => requestRow(arrival, end, { scheduled_ms: served });

/** Whether the first of some requests is shown to have queued. */
function isQueue(...rows: Parameters<typeof requestsOf>[0]): boolean | undefined {
  const requests = requestsOf(rows);
  return requests.slice(0, 1).map(shownQueue(requests, STEPS))[0];
}
/** Others, so many that one more is none too many. */
const many = (n: number) => Array.from({ length: n }, () => waited(700, 700, 720));

describe('a queue is shown', () => {
  test('where the engine worked on prompts for half of the wait or more', () => {
    expect(isQueue(waited(210, 410), ...many(5))).toBe(true);
    expect(isQueue(waited(212, 410), ...many(5))).toBe(false);
  });
  test('where it had as many requests as it ever had for half of the wait or more', () => {
    const full = (until: number) => isQueue(waited(400, 500), ...many(1), ...[1, 2].map(() => waited(10, 10, until)));
    expect(full(451)).toBe(true);
    expect(full(450)).toBe(false);
  });
  test('where somebody left in the two steps before it was let in, as its client saw it a step later', () => {
    const left = (at: number) => isQueue(waited(400, 500), ...many(5), waited(10, 10, at));
    expect([left(501), left(499.1)]).toEqual([true, true]);
    expect([left(501.1), left(499)]).toEqual([false, false]);
  });
});

test('no queue is shown where plain steps ran and there was room', () => expect(isQueue(waited(400, 500), ...many(5))).toBe(false));
