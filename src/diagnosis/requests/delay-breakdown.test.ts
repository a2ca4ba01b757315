import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentile } from '#core/math/percentiles';
import { incidentOf, partsOf, requestRow, total } from '#test/attribution-sample';
import { cause, delaysOf, given, keep } from '#test/delay-sample';
import { counterfactual } from './counterfactual.ts';

describe('the book of a request', () => {
  test('that met nothing is empty, however long its own work took', () => {
    for (const book of delaysOf([requestRow(0, 20), requestRow(0, 500)], [])) {
      expect(book).toMatchObject({ excessMs: 0, slow: false, waitedMs: 0, expectedMs: book.request.timeMs });
      expect(partsOf(book)).toEqual({ unexplained: 0 });
    }
  });
  test('that lived through an incident gives its delay to its causes, and this delay is its excess', () => {
    const [book] = delaysOf([requestRow(0, 70)], [incidentOf(10, 60, { 'storage-io': 40, 'host-compute': 10 })]);
    expect(partsOf(book)).toEqual({ 'storage-io': 40, 'host-compute': 10, unexplained: 0 });
    expect(book).toMatchObject({ excessMs: 50, expectedMs: 20 });
    expect([...book!.byIncident.keys()]).toEqual([0]);
  });
  test('that lived through half of an incident gives half', () => {
    expect(partsOf(delaysOf([requestRow(35, 90)], [incidentOf(10, 60, { 'storage-io': 40 })])[0])['storage-io']).toBeCloseTo(20, 9);
  });
  test('that was over before or came after has nothing of it', () => {
    const incidents = [incidentOf(10, 60, { 'storage-io': 40 })];
    expect(delaysOf([requestRow(60, 100), requestRow(0, 10)], incidents).map(b => b.byIncident.size)).toEqual([0, 0]);
  });
  test('never gives away more than the request took: the parts are cut in proportion', () => {
    const [book] = delaysOf([requestRow(0, 50)], [incidentOf(10, 40, { 'storage-io': 45, 'host-compute': 15 })]);
    expect(partsOf(book)).toEqual({ 'storage-io': 37.5, 'host-compute': 12.5, unexplained: 0 });
    expect(Object.fromEntries(book!.full)).toEqual({ 'storage-io': 45, 'host-compute': 15 });
  });
  test('puts an incident’s own rest down as unexplained', () => {
    expect(partsOf(delaysOf([requestRow(0, 70)], [incidentOf(10, 60, { 'storage-io': 20, unexplained: 10 })])[0])).toEqual({
      'storage-io': 20,
      unexplained: 10,
    });
  });
  test('is slow only beyond the limit', () => {
    const slow = (ms: number) => delaysOf([requestRow(0, 70)], [incidentOf(10, 60, { paging: ms })])[0]?.slow;
    expect([slow(5), slow(5.1)]).toEqual([false, true]);
  });
  test('is slow as well where it took more than twice what it should have', () => {
    const slow = (ms: number) => delaysOf([requestRow(0, 8)], [incidentOf(0, 8, { paging: ms })])[0]?.slow;
    expect([slow(4), slow(4.1)]).toEqual([false, true]);
  });
});

test('a wait that no incident accounts for is a queue where one is shown, else nobody’s', () => {
  const parts = (queued: boolean) => partsOf(delaysOf([requestRow(0, 70, { scheduled_ms: 40 })], [], { queued })[0]);
  expect(parts(true)).toEqual({ queueing: 40, unexplained: 0 });
  expect(parts(false)).toEqual({ unexplained: 40 });
});

describe('the book of a request whose steps nobody saw', () => {
  const unseen = { expected: 20, stepsSeen: false };
  test('has what its work does not explain, unexplained, and never less than nothing', () => {
    const [longer, shorter] = delaysOf([requestRow(0, 60), requestRow(0, 3)], [], unseen);
    expect(longer).toMatchObject({ excessMs: 40, expectedMs: 20, slow: true });
    expect(partsOf(longer)).toEqual({ unexplained: 40 });
    expect(shorter).toMatchObject({ excessMs: 0, slow: false });
  });
  test('is slow only beyond the limit', () => {
    expect(delaysOf([requestRow(0, 25), requestRow(0, 25.1)], [], unseen).map(b => b.slow)).toEqual([false, true]);
  });
  test('gives no more than that to incidents: the parts are cut in proportion', () => {
    const [book] = delaysOf([requestRow(0, 50)], [incidentOf(10, 40, { 'storage-io': 45, 'host-compute': 15 })], unseen);
    expect(partsOf(book)).toEqual({ 'storage-io': 22.5, 'host-compute': 7.5, unexplained: 0 });
  });
  test('puts what nobody explains down as unexplained, incidents’ own rest included', () => {
    expect(partsOf(delaysOf([requestRow(0, 70)], [incidentOf(10, 60, { 'storage-io': 20, unexplained: 10 })], unseen)[0])).toEqual({
      'storage-io': 20,
      unexplained: 30,
    });
  });
});

describe('a wait for admission', () => {
  const waiting = (arrival: number, admitted: number) => requestRow(arrival, admitted + 20, { scheduled_ms: admitted });
  test('with no incident around is queueing', () => {
    const [book] = delaysOf([waiting(0, 50)], []);
    expect(partsOf(book)).toEqual({ queueing: 50, unexplained: 0 });
    expect(book?.waitedMs).toBe(50);
  });
  test('beside a device whose steps nobody saw is unexplained: it may have stood still', () => {
    const [book] = delaysOf([waiting(0, 50)], [], { expected: 30, stepsSeen: false });
    expect(book?.waitedMs).toBe(0);
    expect(Object.keys(partsOf(book))).toEqual(['unexplained']);
    expect(partsOf(book)['unexplained']).toBeGreaterThan(0);
  });
  test('counts beyond the usual wait only', () => expect(delaysOf([waiting(0, 50)], [], { wait: 10 })[0]?.waitedMs).toBe(40));
  test('counts only where it is beyond that by more than waits are told apart', () => {
    expect(delaysOf([waiting(0, 50)], [], { wait: 10, waitLimit: 39.9 })[0]?.waitedMs).toBe(40);
    expect(delaysOf([waiting(0, 50)], [], { wait: 10, waitLimit: 40 })[0]?.waitedMs).toBe(0);
  });
  test('in the backlog of an incident goes to that incident’s causes', () => {
    const [book] = delaysOf([waiting(55, 100)], [incidentOf(10, 60, { 'storage-io': 37.5, 'host-compute': 12.5 })]);
    expect(book?.waitedMs).toBe(0);
    expect(partsOf(book)['queueing']).toBeUndefined();
    expect(partsOf(book)['storage-io']).toBeCloseTo(0.75 * 45, 9);
    expect(partsOf(book)['host-compute']).toBeCloseTo(0.25 * 45, 9);
  });
  test('in the backlog of that backlog does too, through requests that waited in both', () => {
    const incidents = [incidentOf(10, 60, { 'storage-io': 50 })];
    const both = delaysOf([waiting(55, 100), waiting(90, 140)], incidents);
    expect(both.map(b => b.waitedMs)).toEqual([0, 0]);
    expect(partsOf(both[1])['storage-io']).toBeCloseTo(50, 9);
    expect(delaysOf([waiting(90, 140)], incidents)[0]?.waitedMs).toBe(50);
  });
  test('is an echo only if it was not over when the incident began', () => {
    expect(delaysOf([waiting(0, 10)], [incidentOf(10, 60, { paging: 0.01 })])[0]?.waitedMs).toBeCloseTo(10, 1);
    expect(delaysOf([waiting(0, 11)], [incidentOf(10, 60, { paging: 50 })])[0]?.waitedMs).toBe(0);
  });
  test('a stall of 5 ms delays nobody by more than 5 ms; the rest of a long queue around it is queueing', () => {
    const [book] = delaysOf([waiting(0, 100)], [incidentOf(90, 95, { paging: 5 })]);
    expect(partsOf(book)['queueing']).toBeCloseTo(95, 9);
  });
  test('of two incidents goes to the later one that it touches', () => {
    const incidents = [incidentOf(10, 60, { paging: 40 }), incidentOf(70, 100, { 'storage-io': 30 })];
    const [book] = delaysOf([waiting(50, 90)], incidents);
    expect([...book!.byIncident.get(1)!.keys()]).toEqual(['storage-io']);
  });
});

describe('what a request met outside the engine', () => {
  const outsideOf = (waited: number, ms: number) => ({ waited: () => waited, delaysOf: () => [[0, 'front-end', ms] as const] });
  /** As incidents outside the engine are: no step has a share in them. */
  const stall = { ...incidentOf(0, 50, { 'front-end': 50 }), shares: [] };
  test('is the part of its cause, and no wait for admission', () => {
    const [book] = delaysOf([requestRow(0, 80, { scheduled_ms: 50 })], [stall], { outside: outsideOf(50, 50) });
    expect(partsOf(book)).toEqual({ 'front-end': 50, unexplained: 0 });
    expect(book).toMatchObject({ waitedMs: 0, behind: undefined, excessMs: 50 });
    expect([...book!.byIncident.keys()]).toEqual([0]);
  });
  test('leaves a wait beyond it to the queue: what happened outside leaves no backlog in the engine', () => {
    const [book] = delaysOf([requestRow(0, 100, { scheduled_ms: 70 })], [stall], { outside: outsideOf(50, 50) });
    expect(partsOf(book)).toEqual({ 'front-end': 50, queueing: 20, unexplained: 0 });
    expect(book?.behind).toBeUndefined();
  });
});

describe('whatever happened', () => {
  test('no part is negative, none exceeds the excess, and they add up to it', () => {
    fc.assert(
      fc.property(given, g => {
        for (const b of keep(g)) {
          for (const part of b.parts.values()) {
            expect(part).toBeGreaterThanOrEqual(0);
            expect(part).toBeLessThanOrEqual(b.excessMs + 1e-6);
          }
          expect(Math.abs(total(b.parts) - b.excessMs)).toBeLessThan(1e-6);
          expect(b.waitedMs).toBeLessThanOrEqual(b.excessMs + 1e-6);
        }
      }),
    );
  });
  test('what a book gives to incidents and to its own wait is in its parts', () => {
    fc.assert(
      fc.property(given, g => {
        for (const b of keep(g)) {
          const given = [...b.byIncident.values()]
            .flatMap(parts => [...parts])
            .reduce((s, [c, ms]) => (c === 'unexplained' ? s : s + ms), 0);
          expect(given + b.waitedMs).toBeLessThanOrEqual(b.excessMs + 1e-6);
        }
      }),
    );
  });
  test('p99 without causes lies between its bounds and never above p99', () => {
    fc.assert(
      fc.property(given, fc.uniqueArray(cause), (g, causes) => {
        const kept = keep(g);
        const p99 = percentile(Float64Array.from(kept, b => b.request.timeMs).sort(), 0.99);
        const { lower, upper, point } = counterfactual(kept, g.incidents)(causes);
        expect(lower).toBeLessThanOrEqual(point);
        expect(point).toBeLessThanOrEqual(upper);
        expect(upper).toBeLessThanOrEqual(p99 + 1e-9);
        expect(lower).toBeGreaterThanOrEqual(0);
      }),
    );
  });
  test('p99 without no cause is p99', () => {
    fc.assert(
      fc.property(given, g => {
        const kept = keep(g);
        const { lower, upper } = counterfactual(kept, g.incidents)([]);
        expect(lower).toBe(upper);
        expect(upper).toBe(percentile(Float64Array.from(kept, b => b.request.timeMs).sort(), 0.99));
      }),
    );
  });
});
