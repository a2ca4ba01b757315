import { describe, expect, test } from 'vitest';
import type { CauseOrRest } from '#schema/causes';
import { requestRow, requestsOf } from '#test/attribution-sample';
import type { DelayBreakdown } from './delay-breakdown.ts';
import type { JudgedRequest } from './requests.ts';
import { wholeDelays } from './whole-delays.ts';

/** A delay of a request by one incident, ms. */
function delay(request: JudgedRequest, ms: number, facts: Partial<DelayBreakdown> = {}, incident = 0, cause: CauseOrRest = 'storage-io') {
  const parts = new Map([[cause, ms]]);
  return {
    request,
    expectedMs: request.timeMs - ms,
    excessMs: ms,
    slow: false,
    parts,
    full: parts,
    byIncident: new Map([[incident, parts]]),
    waitedMs: 0,
    waitCause: 'queueing',
    behind: undefined,
    ...facts,
  } satisfies DelayBreakdown;
}
/** A request of 100 ms, and the two halves of it that two lanes served. */
const [whole, other] = requestsOf([requestRow(0, 100), requestRow(50, 150)]) as [JudgedRequest, JudgedRequest];
const [first, second] = requestsOf([requestRow(0, 40), requestRow(40, 100)]) as [JudgedRequest, JudgedRequest];
const ofFirst = { request: first, of: 0 };
const ofSecond = { request: second, of: 0 };

describe('the delay of a request that one lane served', () => {
  test('is the delay in that lane', () => {
    const own = delay(whole, 30, { slow: true, waitedMs: 4, behind: 2 });
    expect(wholeDelays([[own]], [[{ request: whole, of: 0 }]], [whole])).toEqual([own]);
  });
  test('is told with the whole request where only one of its parts was judged', () =>
    expect(wholeDelays([[], [delay(second, 30)]], [[ofFirst], [ofSecond]], [whole])).toEqual([
      delay(whole, 30, { request: whole, expectedMs: 70 }),
    ]));
});

describe('the delay of a request that had a part in two lanes', () => {
  const together = (a: Partial<DelayBreakdown> = {}, b: Partial<DelayBreakdown> = {}) =>
    wholeDelays([[delay(first, 10, a, 3)], [delay(second, 25, b, 5, 'host-compute')]], [[ofFirst], [ofSecond]], [whole])[0]!;
  test('waited for what the longer of its waits was for', () => {
    const waits = (a: number, b: number) => together({ waitedMs: a, waitCause: 'unexplained' }, { waitedMs: b }).waitCause;
    expect([waits(6, 5), waits(4, 5)]).toEqual(['unexplained', 'queueing']);
  });
  test('is the sum of both', () => {
    expect(together()).toMatchObject({ request: whole, excessMs: 35, expectedMs: 65 });
    expect([...together().parts]).toEqual([
      ['storage-io', 10],
      ['host-compute', 25],
    ]);
    expect(together({ waitedMs: 3 }, { waitedMs: 4 }).waitedMs).toBe(7);
  });
  test('closes the books: what was expected and the excess are its time, the parts are the excess', () => {
    const { expectedMs, excessMs, parts, full } = together();
    expect(expectedMs + excessMs).toBe(whole.timeMs);
    for (const map of [parts, full]) expect([...map.values()].reduce((a, b) => a + b, 0)).toBe(excessMs);
  });
  test('adds up the same cause, by itself for what it would have been uncut', () => {
    const a = { full: new Map<CauseOrRest, number>([['storage-io', 12]]) };
    const b = {
      parts: new Map<CauseOrRest, number>([
        ['storage-io', 5],
        ['unexplained', 20],
      ]),
      full: new Map<CauseOrRest, number>([['storage-io', 6]]),
    };
    expect([...together(a, b).parts]).toEqual([
      ['storage-io', 15],
      ['unexplained', 20],
    ]);
    expect([...together(a, b).full]).toEqual([['storage-io', 18]]);
  });
  test('is told of the incidents of each', () => expect([...together().byIncident.keys()]).toEqual([3, 5]));
  test('is slow where either part was', () => {
    expect(together().slow).toBe(false);
    expect(together({ slow: true }).slow).toBe(true);
    expect(together({}, { slow: true }).slow).toBe(true);
  });
  test('waited behind what the first of them did that waited behind anything', () => {
    expect(together().behind).toBeUndefined();
    expect(together({ behind: 3 }, { behind: 5 }).behind).toBe(3);
    expect(together({}, { behind: 0 }).behind).toBe(0);
    expect(together({ behind: 0 }, { behind: 5 }).behind).toBe(0);
  });
  test('leaves those of each part as they are', () => {
    const parts = [delay(first, 10), delay(second, 25)];
    const before = structuredClone(parts);
    wholeDelays([[parts[0]!], [parts[1]!]], [[ofFirst], [ofSecond]], [whole]);
    expect(parts).toEqual(before);
  });
});

test('each request has one delay', () => {
  const all = wholeDelays(
    [[delay(first, 10), delay(other, 1)], [delay(second, 25)]],
    [[ofFirst, { request: other, of: 1 }], [ofSecond]],
    [whole, other],
  );
  expect(all.map(d => [d.request, d.excessMs])).toEqual([
    [whole, 35],
    [other, 1],
  ]);
});

test('a delay of nobody is left out, and where none were judged there are none', () => {
  expect(wholeDelays([[delay(other, 10)]], [[ofFirst]], [whole])).toEqual([]);
  expect(wholeDelays([], [], [])).toEqual([]);
  expect(wholeDelays([[], []], [[ofFirst], [ofSecond]], [whole])).toEqual([]);
});
