import { describe, expect, test } from 'vitest';
import { spansOf } from '#core/math/spans';
import { engineStepsOf, requestRow, requestsOf, stepEndsOf } from '#test/attribution-sample';
import { shownQueue } from './shown-queue.ts';

/** Steps of 1 ms, of which those from 100 to 110 take 20 ms longer: prompts. They hold the time from 100 to 310 ms. */
const STEPS = engineStepsOf(stepEndsOf(600, Object.fromEntries(Array.from({ length: 10 }, (_, k) => [100 + k, 20]))));
/** One that came and was let in at these times, ms, and stayed for long. */
const waited = (arrival: number, served: number, end = 790) => requestRow(arrival, end, { scheduled_ms: served });

/** Whether the first of some requests is shown to have queued; the first `waiting` of them waited for long. */
function isQueue(...rows: Parameters<typeof requestsOf>[0]): boolean | undefined {
  return isQueueOf(1, rows);
}
function isQueueOf(waiting: number, rows: Parameters<typeof requestsOf>[0]): boolean | undefined {
  const requests = requestsOf(rows);
  return requests.slice(0, 1).map(shownQueue(requests, STEPS, requests.slice(0, waiting)))[0];
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
  test('not by how many seem to run while their tokens are held up outside', () => {
    const rows = [waited(400, 500), ...many(1), ...[1, 2].map(() => waited(10, 10, 451))];
    const requests = requestsOf(rows);
    const held = (from: number, to: number) =>
      shownQueue(requests, STEPS, requests.slice(0, 1), spansOf([[from * 1e6, to * 1e6]]))(requests[0]!);
    expect(held(300, 400)).toBe(true);
    expect(held(300, 401)).toBe(false);
  });
  test('where somebody left in the two steps before it was let in, as its client saw it a step later: 2 ms of the 100 that it waited', () => {
    const left = (at: number) => isQueue(waited(400, 500), ...many(5), waited(10, 10, at));
    // By chance twice in a hundred times: one is not enough.
    expect([left(501), left(499.1)]).toEqual([false, false]);
    const again = (at: number) =>
      isQueueOf(2, [waited(400, 500), waited(330, 430), ...many(5), waited(10, 10, at), waited(10, 10, at - 70)]);
    expect([again(501), again(499.1)]).toEqual([true, true]);
    expect([again(501.1), again(499)]).toEqual([false, false]);
  });
  test('not where somebody leaves every few steps: then half of all waits end so by chance', () => {
    const leaves = Array.from({ length: 100 }, (_, k) => waited(10, 10, 332.5 + 4 * k));
    const three = [waited(400, 500), waited(404, 504), waited(408, 508), waited(412, 512)];
    expect(isQueueOf(4, [...three, ...leaves, ...many(110)])).toBe(false);
    // Of seven that all were let in so, one in a hundred and twenty-eight.
    const seven = Array.from({ length: 7 }, (_, k) => waited(400 + 4 * k, 500 + 4 * k));
    expect(isQueueOf(7, [...seven, ...leaves, ...many(110)])).toBe(true);
  });
});

test('no queue is shown where plain steps ran and there was room', () => expect(isQueue(waited(400, 500), ...many(5))).toBe(false));
