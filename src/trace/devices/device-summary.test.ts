import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Spans, spansOf } from '#core/math/spans';
import { DeviceSummary, GAP_CLASSES } from '#schema/report';
import { type Call, hostOf, type Op, opsOf } from '#test/timeline-sample';
import type { Dependencies } from '#trace/events/dependencies';
import { deviceBins, summariseDevices } from './device-summary.ts';

interface Given {
  readonly calls?: readonly Call[];
  readonly dependencies?: Dependencies | undefined;
  readonly inFlight?: Spans | undefined;
  readonly isWhole?: boolean;
}

const summarise = (list: readonly Op[], from: number, to: number, { calls = [], dependencies, inFlight, isWhole = true }: Given = {}) =>
  summariseDevices({
    ops: opsOf(list),
    host: hostOf(calls),
    dependencies,
    inFlight,
    isWhole,
    from,
    to,
    names: new Map([['GPU 0', 'NVIDIA H200']]),
  });

const MS = 1e6;

test('time is shared out over what ran, and what hid under what', () => {
  const list: Op[] = [
    { start: 0, end: 10 * MS },
    { start: 5 * MS, end: 20 * MS, kind: 'communication', stream: 8 },
    { start: 18 * MS, end: 30 * MS, kind: 'copy', stream: 9 },
    { start: 40 * MS, end: 41 * MS, kind: 'memset' },
    { start: 50 * MS, end: 60 * MS, kind: 'graph' },
    { start: 55 * MS, end: 58 * MS, kind: 'copy', stream: 9 },
  ];
  const [gpu] = summarise(list, 0, 100 * MS, { calls: [] });
  expect(gpu).toMatchObject({
    device: 'GPU 0',
    name: 'NVIDIA H200',
    busy_ms: 41,
    idle_ms: 59,
    compute_absent_ms: 80,
    communication_ms: 15,
    copy_ms: 16,
    exposed_communication_ms: 8,
    exposed_copy_ms: 11,
    overlapped_ms: 8,
    kernels: 2,
  });
  expect(gpu?.gaps.unknown).toEqual({ count: 2, lower_ms: 19, upper_ms: 19 });
});

test('where work is missing nothing is said of why the GPU stood still', () => {
  const ops = [
    { start: 0, end: MS },
    { start: 3 * MS, end: 4 * MS, id: 1 },
  ];
  const calls = [{ start: 2 * MS, end: 2.5 * MS, id: 1 }];
  expect(summarise(ops, 0, 4 * MS, { calls })[0]?.gaps).toMatchObject({ starved: { count: 1 }, unknown: { count: 0 } });
  expect(summarise(ops, 0, 4 * MS, { calls, isWhole: false })[0]?.gaps).toMatchObject({ starved: { count: 0 }, unknown: { count: 1 } });
});

test('a straddling launch adds nothing to the lower bound', () => {
  const [gpu] = summarise(
    [
      { start: 0, end: MS },
      { start: 3 * MS, end: 4 * MS, id: 1 },
    ],
    0,
    4 * MS,
    { calls: [{ id: 1, start: 0, end: 2 * MS }] },
  );
  expect(gpu?.gaps.straddling).toEqual({ count: 1, lower_ms: 0, upper_ms: 2 });
});

test('a gap that is cut by demand counts once in each class', () => {
  const inFlight = spansOf([
    [2 * MS, 3 * MS],
    [4 * MS, 5 * MS],
  ]);
  const [gpu] = summarise(
    [
      { start: 0, end: MS },
      { start: 6 * MS, end: 7 * MS },
    ],
    0,
    7 * MS,
    { inFlight },
  );
  expect(gpu?.gaps.unknown).toEqual({ count: 1, lower_ms: 2, upper_ms: 2 });
  expect(gpu?.gaps['no-demand']).toEqual({ count: 1, lower_ms: 3, upper_ms: 3 });
});

test('every class is there, also without gaps; an empty window is all zeros and no NaN', () => {
  for (const [from, to] of [
    [0, 10],
    [5, 5],
    [9, 3],
  ] as const) {
    const [gpu] = summarise([{ start: 0, end: 10 }], from, to);
    expect(Object.keys(gpu?.gaps ?? {})).toEqual([...GAP_CLASSES]);
    expect(() => DeviceSummary.parse(gpu)).not.toThrow();
    expect(Object.values(gpu ?? {}).filter(v => typeof v === 'number' && !(v >= 0 && !Object.is(v, -0)))).toEqual([]);
  }
});

test('a device without a name in the trace has none', () => expect(summarise([{ start: 0, end: 1, device: 1 }], 0, 1)[1]?.name).toBeNull());
test('a trace without GPU work has no devices', () => expect([summarise([], 0, 10), deviceBins(opsOf([]), 0, 10, 4)]).toEqual([[], []]));

describe('bins', () => {
  const shares = (list: readonly Op[], from: number, to: number, count: number) =>
    deviceBins(opsOf(list), from, to, count).map(b => [b.t_ms, b.width_ms, b.state, b.share]);
  test('compute hides communication, and communication a copy', () =>
    expect(
      shares(
        [
          { start: 0, end: 4 * MS, kind: 'copy' },
          { start: MS, end: 3 * MS, kind: 'communication' },
          { start: 2 * MS, end: 3 * MS },
        ],
        0,
        8 * MS,
        2,
      ),
    ).toEqual([
      [0, 4, 'compute', 0.25],
      [0, 4, 'communication', 0.25],
      [0, 4, 'copy', 0.5],
      [0, 4, 'idle', 0],
      [4, 4, 'compute', 0],
      [4, 4, 'communication', 0],
      [4, 4, 'copy', 0],
      [4, 4, 'idle', 1],
    ]));
  test('an empty window has no bins', () => expect(shares([{ start: 0, end: 4 }], 3, 3, 10)).toEqual([]));
});

/** Times in the properties are whole numbers below this, so that a bitmap can say what is right. */
const LENGTH = 60;
const DEVICES = 2;
const op = fc.record({
  start: fc.nat(LENGTH - 1),
  length: fc.nat(12),
  kind: fc.constantFrom('kernel', 'kernel', 'communication', 'copy', 'memset', 'graph'),
  device: fc.nat(DEVICES - 1),
  stream: fc.nat(2),
  pid: fc.integer({ min: 1, max: 2 }),
  id: fc.nat(7),
});
const call = fc.record({ id: fc.nat(7), pid: fc.integer({ min: 1, max: 2 }), start: fc.nat(LENGTH), length: fc.nat(10) });
const scene = fc.record({
  ops: fc.array(op, { maxLength: 14 }).map(list => list.map(({ length, ...o }): Op => ({ ...o, end: o.start + length }))),
  calls: fc
    .uniqueArray(call, { maxLength: 10, selector: c => `${c.pid}:${c.id}` })
    .map(list => list.map(({ length, ...c }): Call => ({ ...c, end: c.start + length }))),
  window: fc.tuple(fc.nat(LENGTH), fc.nat(LENGTH + 20)),
  demand: fc.option(fc.array(fc.tuple(fc.nat(LENGTH), fc.nat(LENGTH)), { maxLength: 4 }).map(spansOf), { nil: undefined }),
  /** Seed of a made-up dependency graph. */
  wired: fc.option(fc.nat(5), { nil: undefined }),
});
const sceneGiven = ({
  calls,
  demand,
  wired,
}: {
  readonly calls: readonly Call[];
  readonly demand: Spans | undefined;
  readonly wired: number | undefined;
}): Given => ({
  calls,
  inFlight: demand,
  dependencies: wired === undefined ? undefined : { producerOf: o => (o > wired ? wired : -1) },
});

const at = (list: readonly Op[], device: number, t: number, kinds?: readonly string[]) =>
  list.some(o => (o.device ?? 0) === device && o.start <= t && t < o.end && (kinds === undefined || kinds.includes(o.kind ?? 'kernel')));
const count = (from: number, to: number, holds: (t: number) => boolean) =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i).filter(holds).length;
const COMPUTE = ['kernel', 'graph'];
const COPY = ['copy', 'memset'];
const COMMUNICATION = ['communication'];

describe('properties', () => {
  test('every total is what a bitmap says', () =>
    fc.assert(
      fc.property(scene, ({ ops: list, calls, window: [from, to], demand, wired }) => {
        for (const [d, s] of summarise(list, from, to, sceneGiven({ calls, demand, wired })).entries()) {
          const time = (holds: (computes: boolean, communicates: boolean, copies: boolean) => boolean) =>
            count(from, to, t => holds(at(list, d, t, COMPUTE), at(list, d, t, COMMUNICATION), at(list, d, t, COPY)));
          const ns = (v: number) => Math.round(v * MS);
          expect(ns(s.busy_ms)).toBe(time((k, c, m) => k || c || m));
          expect(ns(s.idle_ms)).toBe(time((k, c, m) => !(k || c || m)));
          expect(ns(s.compute_absent_ms)).toBe(time(k => !k));
          expect(ns(s.communication_ms)).toBe(time((_, c) => c));
          expect(ns(s.copy_ms)).toBe(time((_, __, m) => m));
          expect(ns(s.exposed_communication_ms)).toBe(time((k, c, m) => c && !k && !m));
          expect(ns(s.exposed_copy_ms)).toBe(time((k, c, m) => m && !k && !c));
          expect(ns(s.overlapped_ms)).toBe(time((k, c, m) => k && (c || m)));
        }
      }),
    ));

  test('busy and idle make up the window; no part exceeds its whole', () =>
    fc.assert(
      fc.property(scene, ({ ops: list, calls, window: [from, to], demand, wired }) => {
        for (const s of summarise(list, from, to, sceneGiven({ calls, demand, wired }))) {
          const window = Math.max(0, to - from) / MS;
          expect(s.busy_ms + s.idle_ms).toBeCloseTo(window, 9);
          expect(window - s.compute_absent_ms).toBeLessThanOrEqual(s.busy_ms + 1e-9);
          expect(s.exposed_communication_ms).toBeLessThanOrEqual(s.communication_ms);
          expect(s.exposed_copy_ms).toBeLessThanOrEqual(s.copy_ms);
          expect(s.overlapped_ms).toBeLessThanOrEqual(s.communication_ms + s.copy_ms + 1e-9);
        }
      }),
    ));

  test('the classes share out all idle time between the first and the last work, and no-demand is what no request wanted', () =>
    fc.assert(
      fc.property(scene, ({ ops: list, calls, window: [from, to], demand, wired }) => {
        for (const [d, s] of summarise(list, from, to, sceneGiven({ calls, demand, wired })).entries()) {
          const mine = list.filter(o => o.device === d && o.end > o.start);
          const first = Math.min(...mine.map(o => o.start));
          const last = Math.max(...mine.map(o => o.end));
          const inGap = (t: number) => t >= first && t < last && !at(list, d, t);
          const wanted = (t: number) =>
            demand === undefined ||
            Array.from({ length: demand.n }).some((_, k) => (demand.start[k] ?? 0) <= t && t < (demand.end[k] ?? 0));
          const upper = Object.values(s.gaps).reduce((sum, g) => sum + g.upper_ms, 0);
          expect(Math.round((upper - s.gaps['outside-work'].upper_ms) * MS)).toBe(count(from, to, inGap));
          expect(upper).toBeCloseTo(s.idle_ms, 9);
          expect(Math.round(s.gaps['no-demand'].upper_ms * MS)).toBe(count(from, to, t => inGap(t) && !wanted(t)));
          for (const [name, g] of Object.entries(s.gaps)) {
            expect(g.lower_ms).toBe(name === 'straddling' ? 0 : g.upper_ms);
            expect(g.count > 0).toBe(g.upper_ms > 0);
          }
        }
      }),
    ));

  test('the order of work that begins together changes nothing', () =>
    fc.assert(
      fc.property(
        scene.chain(s => fc.tuple(fc.constant(s), fc.shuffledSubarray(s.ops, { minLength: s.ops.length }))),
        ([
          {
            ops: list,
            calls,
            window: [from, to],
            demand,
          },
          shuffled,
        ]) => {
          const given = sceneGiven({ calls, demand, wired: undefined });
          expect(summarise(shuffled, from, to, given)).toEqual(summarise(list, from, to, given));
        },
      ),
    ));

  test("shares of a bin add up to 1, and bins to the summary's totals", () =>
    fc.assert(
      fc.property(scene, fc.integer({ min: 1, max: 7 }), ({ ops: list, window: [from, to] }, bins) => {
        const rows = deviceBins(opsOf(list), from, to, bins);
        const summary = summarise(list, from, to);
        expect(rows.length).toBe(to > from ? summary.length * bins * 4 : 0);
        for (let i = 0; i < rows.length; i += 4) expect(rows.slice(i, i + 4).reduce((sum, r) => sum + r.share, 0)).toBeCloseTo(1, 9);
        expect(rows.every(r => r.share >= 0 && r.share <= 1)).toBe(true);
        for (const s of to > from ? summary : []) {
          const sum = (state: string) =>
            rows.filter(r => r.device === s.device && r.state === state).reduce((t, r) => t + r.share * r.width_ms, 0);
          expect(sum('idle')).toBeCloseTo(s.idle_ms, 9);
          expect(sum('compute')).toBeCloseTo(Math.max(0, to - from) / MS - s.compute_absent_ms, 9);
        }
      }),
    ));
});
