import { describe, expect, test } from 'vitest';
import { type Spans, spansOf } from '#core/math/spans';
import { GAP_CLASSES } from '#schema/report';
import { type Call, hostOf, type Op, opsOf } from '#test/timeline-sample';
import type { Dependencies } from '#trace/events/dependencies';
import { classifyGaps } from './device-gaps.ts';
import { gapLower, gapUpper } from './gap-list.ts';

interface Given {
  readonly calls?: readonly Call[];
  readonly dependencies?: Dependencies;
  readonly inFlight?: Spans;
  readonly window?: readonly [number, number];
}

/** Gaps as [device, start, end, class], in order. */
function gapsOf(list: readonly Op[], { calls = [], dependencies, inFlight, window = [0, 1000] }: Given = {}) {
  const gaps = classifyGaps(opsOf(list), hostOf(calls), dependencies, inFlight, ...window);
  return gaps.flatMap((g, d) => Array.from({ length: g.n }, (_, i) => [d, g.start[i], g.end[i], GAP_CLASSES[g.class[i] ?? -1]]));
}

/** The class of the gap [100, 200), ended by work that was launched in [start, end]. */
const classBy = (start: number, end: number, dependencies?: Dependencies) =>
  gapsOf(
    [
      { start: 0, end: 100 },
      { start: 200, end: 300, id: 5 },
    ],
    {
      calls: [{ id: 5, start, end }],
      ...(dependencies === undefined ? {} : { dependencies }),
    },
  )[0]?.[3];

describe('the class of a gap follows from its launch', () => {
  test('starved when the launch begins after the gap opened', () => expect(classBy(101, 150)).toBe('starved'));
  test('starved when the launch begins at the very moment the gap opens', () => expect(classBy(100, 150)).toBe('starved'));
  test('straddling when the launch begins before the gap and ends inside it', () => expect(classBy(99, 150)).toBe('straddling'));
  test('straddling when the launch ends at the very moment the gap opens', () => expect(classBy(50, 100)).toBe('straddling'));
  test('dependency-stalled when the launch was over before the gap opened', () => expect(classBy(50, 99)).toBe('dependency-stalled'));
  test('starved when the launch seems to begin after the work itself: the clocks differ', () => expect(classBy(250, 260)).toBe('starved'));
  test('straddling when the end of the launch was not recorded', () => expect(classBy(50, Number.NaN)).toBe('straddling'));
  test('unknown when there is no launch', () =>
    expect(
      gapsOf([
        { start: 0, end: 100 },
        { start: 200, end: 300 },
      ]),
    ).toEqual([[0, 100, 200, 'unknown']]));
});

describe('blocking needs a producer that finished after the gap opened', () => {
  const waitingFor = (end: number) => {
    const list: Op[] = [
      { start: 0, end: 100 },
      { start: 10, end, device: 1 },
      { start: 200, end: 300, id: 5 },
    ];
    return gapsOf(list, { calls: [{ id: 5, start: 1, end: 2 }], dependencies: { producerOf: op => (op === 2 ? 1 : -1) } }).at(0)?.[3];
  };
  test('blocking when it finished after', () => expect(waitingFor(101)).toBe('blocking'));
  test('dependency-stalled when it finished at that moment', () => expect(waitingFor(100)).toBe('dependency-stalled'));
  test('dependency-stalled when nothing is known', () => expect(classBy(1, 2, { producerOf: () => -1 })).toBe('dependency-stalled'));
  test('a producer does not excuse a late launch', () => expect(classBy(100, 110, { producerOf: () => 1 })).toBe('starved'));
});

describe('only a device on which nothing ran has a gap', () => {
  test('another stream fills it', () =>
    expect(
      gapsOf([
        { start: 0, end: 100 },
        { start: 90, end: 210, stream: 8 },
        { start: 200, end: 300 },
      ]),
    ).toEqual([]));
  test('another process fills it', () =>
    expect(
      gapsOf([
        { start: 0, end: 100 },
        { start: 100, end: 200, pid: 2 },
        { start: 200, end: 300 },
      ]),
    ).toEqual([]));
  test('a copy, a fill or a graph fills it', () => {
    for (const kind of ['copy', 'memset', 'graph', 'communication'] as const)
      expect(
        gapsOf([
          { start: 0, end: 100 },
          { start: 100, end: 200, kind },
          { start: 200, end: 300 },
        ]),
      ).toEqual([]);
  });
  test('another device does not', () =>
    expect(
      gapsOf([
        { start: 0, end: 100 },
        { start: 100, end: 200, device: 1 },
        { start: 200, end: 300 },
      ]),
    ).toEqual([[0, 100, 200, 'unknown']]));
  test('work that takes no time neither fills nor ends it', () =>
    expect(
      gapsOf([
        { start: 0, end: 100 },
        { start: 150, end: 150 },
        { start: 200, end: 300 },
      ]),
    ).toEqual([[0, 100, 200, 'unknown']]));
});

test('correlation ids are told apart by process', () => {
  const calls = [
    { id: 5, pid: 1, start: 10, end: 20 },
    { id: 5, pid: 2, start: 150, end: 160 },
  ];
  const ended = (pid: number) =>
    gapsOf(
      [
        { start: 0, end: 100 },
        { start: 200, end: 300, id: 5, pid },
      ],
      { calls },
    )[0]?.[3];
  expect([ended(1), ended(2)]).toEqual(['dependency-stalled', 'starved']);
});

describe('work that begins together', () => {
  const early = { start: 200, end: 250, id: 1, stream: 8 };
  const late = { start: 200, end: 260, id: 2, stream: 9 };
  const lost = { start: 200, end: 270, id: 3, stream: 10 };
  const calls = [
    { id: 1, start: 10, end: 20 },
    { id: 2, start: 120, end: 130 },
  ];
  test.each([[[early, late, lost]], [[lost, late, early]], [[late, early, lost]]])(
    'ends the gap by the launch that began first, in whatever order the file has it',
    list => expect(gapsOf([{ start: 0, end: 100 }, ...list], { calls })).toEqual([[0, 100, 200, 'dependency-stalled']]),
  );
  test('goes by the launch that began first, even where that one ended last', () => {
    const long = { id: 1, start: 10, end: 150 };
    const short = { id: 2, start: 20, end: 30 };
    expect(gapsOf([{ start: 0, end: 100 }, late, early], { calls: [long, short] })).toEqual([[0, 100, 200, 'straddling']]);
    expect(
      gapsOf([{ start: 0, end: 100 }, early, late], {
        calls: [
          { ...long, id: 2 },
          { ...short, id: 1 },
        ],
      }),
    ).toEqual([[0, 100, 200, 'straddling']]);
  });
});

describe('demand', () => {
  const list = [
    { start: 0, end: 100 },
    { start: 200, end: 300, id: 5 },
  ];
  const calls = [{ id: 5, start: 150, end: 160 }];
  test('no request in flight throughout: no-demand', () =>
    expect(
      gapsOf(list, {
        calls,
        inFlight: spansOf([
          [0, 100],
          [200, 300],
        ]),
      }),
    ).toEqual([[0, 100, 200, 'no-demand']]));
  test('a request in flight throughout: judged by its launch', () =>
    expect(gapsOf(list, { calls, inFlight: spansOf([[100, 200]]) })).toEqual([[0, 100, 200, 'starved']]));
  test('a gap partly in demand is cut at the edges, and the parts booked apart', () =>
    expect(
      gapsOf(list, {
        calls,
        inFlight: spansOf([
          [50, 110],
          [130, 140],
          [190, 400],
        ]),
      }),
    ).toEqual([
      [0, 100, 110, 'starved'],
      [0, 110, 130, 'no-demand'],
      [0, 130, 140, 'starved'],
      [0, 140, 190, 'no-demand'],
      [0, 190, 200, 'starved'],
    ]));
  test('without a load test nothing is no-demand', () => expect(gapsOf(list, { calls })).toEqual([[0, 100, 200, 'starved']]));
  test('a request that spans several gaps is seen by all of them, on all devices', () => {
    const twice = [...list, { start: 400, end: 500, id: 5 }].flatMap(o => [o, { ...o, device: 1 }]);
    expect(gapsOf(twice, { calls, inFlight: spansOf([[150, 350]]) }).map(g => g.join(' '))).toEqual(
      [0, 1].flatMap(d => [`${d} 100 150 no-demand`, `${d} 150 200 starved`, `${d} 300 350 dependency-stalled`, `${d} 350 400 no-demand`]),
    );
  });
});

describe('the window', () => {
  const list = [
    { start: 0, end: 100 },
    { start: 200, end: 300, id: 5 },
  ];
  const calls = [{ id: 5, start: 110, end: 120 }];
  test('a gap is judged whole and then cut', () => expect(gapsOf(list, { calls, window: [150, 180] })).toEqual([[0, 150, 180, 'starved']]));
  test('what lies before the first and after the last work of a device is no gap', () =>
    expect(gapsOf([{ start: 400, end: 500 }], { window: [0, 1000] })).toEqual([]));
  test('a trace without work has no gaps', () => expect(gapsOf([])).toEqual([]));
});

test('the bounds differ for a straddling launch only', () => {
  const [gaps] = classifyGaps(
    opsOf([
      { start: 0, end: 100 },
      { start: 200, end: 300, id: 1 },
      { start: 350, end: 400, id: 2 },
    ]),
    hostOf([
      { id: 1, start: 90, end: 110 },
      { id: 2, start: 310, end: 320 },
    ]),
    undefined,
    undefined,
    0,
    1000,
  );
  expect(gaps === undefined ? [] : [0, 1].map(i => [gapLower(gaps, i), gapUpper(gaps, i), gaps.endedBy[i], gaps.call[i]])).toEqual([
    [0, 100, 1, 0],
    [50, 50, 2, 1],
  ]);
});
