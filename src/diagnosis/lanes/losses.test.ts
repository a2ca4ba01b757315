import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostCalls, type LaneOp, laneOf, laneOps, readBack, type ThreadCall } from '#test/lane-sample';
import { runs } from '#test/thorough';
import type { LateWait } from './late-wait.ts';
import type { Loss } from './loss.ts';
import { findLosses } from './losses.ts';

const US = 1000;
const MS = 1e6;

type ClockLoss = (from: number, to: number) => number | undefined;
const lossesOf = (
  list: readonly LaneOp[],
  calls: readonly ThreadCall[] = [],
  clockLoss: ClockLoss = () => 0,
  streams = [7],
  lateWaits: ReadonlyMap<number, LateWait> = new Map(),
): readonly Loss[] => {
  const ops = laneOps(list);
  return findLosses(ops, hostCalls(calls), laneOf(ops, streams), clockLoss, lateWaits);
};
const launch = (id: number, start: number, end = start + 5 * US, rest: Partial<ThreadCall> = {}): ThreadCall => ({
  name: 'cudaLaunchKernel',
  id,
  start,
  end,
  ...rest,
});
/** The lane runs until 1 ms, and again from `to` on, with work launched by the call with id 5. */
const gapUntil = (to: number, rest: Partial<LaneOp> = {}): LaneOp[] => [
  { start: 0, end: MS },
  { start: to, end: to + MS, id: 5, ...rest },
];
const short = (l: Loss) => [
  l.kind,
  l.start,
  l.end,
  ...(l.kind === 'starved' ? [l.activity, l.bound] : l.kind === 'queued' ? [l.foreign] : []),
];
const only = <K extends Loss['kind']>(losses: readonly Loss[], kind: K) =>
  losses.filter((l): l is Extract<Loss, { kind: K }> => l.kind === kind);

describe('whose a gap is follows from its launch', () => {
  test('starved when the launch began after the gap opened; from there on the launch itself straddles', () => {
    expect(lossesOf(gapUntil(3 * MS), [launch(5, 2 * MS, 2.1 * MS)]).map(short)).toEqual([
      ['starved', MS, 2 * MS, 'own-code', 'sure'],
      ['starved', 2 * MS, 2.1 * MS, 'launch', 'straddling'],
      ['queued', 2.1 * MS, 3 * MS, false],
    ]);
  });
  test('queued when the launch was over before the gap opened', () => {
    expect(lossesOf(gapUntil(3 * MS), [launch(5, 0.2 * MS)]).map(short)).toEqual([['queued', MS, 3 * MS, false]]);
  });
  test('straddling when the launch began before the gap and ended inside it', () => {
    expect(lossesOf(gapUntil(3 * MS), [launch(5, 0.5 * MS, 2 * MS)]).map(short)).toEqual([
      ['starved', MS, 2 * MS, 'launch', 'straddling'],
      ['queued', 2 * MS, 3 * MS, false],
    ]);
  });
  test('a launch still open when its work begins straddles up to there and no further', () => {
    expect(lossesOf(gapUntil(3 * MS), [launch(5, 2.9 * MS, 9 * MS)]).map(short)).toEqual([
      ['starved', MS, 2.9 * MS, 'own-code', 'sure'],
      ['starved', 2.9 * MS, 3 * MS, 'launch', 'straddling'],
    ]);
  });
  test('unknown when there is no launch record', () => expect(lossesOf(gapUntil(3 * MS)).map(short)).toEqual([['unknown', MS, 3 * MS]]));
  test('unknown when only another process has a call with that id', () => {
    expect(lossesOf(gapUntil(3 * MS), [launch(5, 2 * MS, 2.1 * MS, { pid: 2, thread: 1 })])[0]?.kind).toBe('unknown');
  });
  test('of two processes that share correlation ids each is judged by its own launch', () => {
    const calls = [launch(5, 0.1 * MS, 0.2 * MS, { pid: 2, thread: 1 }), launch(5, 2 * MS)];
    expect(lossesOf(gapUntil(3 * MS), calls)[0]).toMatchObject({ kind: 'starved', start: MS, end: 2 * MS });
  });
});

test('a gap is a loss from 20 us on: shorter ones are the cost of a launch', () => {
  expect(lossesOf(gapUntil(MS + 20 * US), [launch(5, MS + US)]).map(short)).toEqual([
    ['starved', MS, MS + US, 'own-code', 'sure'],
    ['starved', MS + US, MS + 6 * US, 'launch', 'straddling'],
    ['queued', MS + 6 * US, MS + 20 * US, false],
  ]);
  expect(lossesOf(gapUntil(MS + 20 * US - 1), [launch(5, MS + US)])).toEqual([]);
});

describe('what the launching thread did in a starved gap', () => {
  const calls: ThreadCall[] = [
    { name: 'read', kind: 'os', start: 1.2 * MS, end: 1.6 * MS },
    { name: 'sem_wait', kind: 'os', thread: 1, start: 0, end: 9 * MS },
    launch(5, 2 * MS),
  ];
  test('is told stretch by stretch, and summed up for the gap', () => {
    const losses = only(lossesOf(gapUntil(3 * MS), calls), 'starved');
    expect(losses.map(l => [l.start, l.end, l.activity, l.call])).toEqual([
      [MS, 1.2 * MS, 'own-code', ''],
      [1.2 * MS, 1.6 * MS, 'storage', 'read'],
      [1.6 * MS, 2 * MS, 'own-code', ''],
      [2 * MS, 2.005 * MS, 'launch', 'cudaLaunchKernel'],
    ]);
    expect(Object.fromEntries(losses[0]!.gap.byActivity)).toEqual({ 'own-code': 0.6 * MS, storage: 0.4 * MS, launch: 5 * US });
    expect(new Set(losses.map(l => l.gap)).size).toBe(1);
  });
  test('is never what another thread did meanwhile', () => {
    expect(only(lossesOf(gapUntil(3 * MS), calls), 'starved').some(l => l.activity === 'wait')).toBe(false);
  });
  test('belongs to the thread that made the launch, when the work changes threads', () => {
    const moved = [...calls.slice(0, 2), launch(5, 2 * MS, 2.1 * MS, { thread: 1 })];
    expect(lossesOf(gapUntil(3 * MS), moved)[0]).toMatchObject({ activity: 'wait', gap: { thread: 1 } });
  });
});

describe('queued work', () => {
  const other = (start: number, end: number): LaneOp => ({ start, end, stream: 13 });
  test('is split by whether other work held the GPU', () => {
    const ops = [...gapUntil(5 * MS), other(2 * MS, 3 * MS), other(2.5 * MS, 4 * MS)];
    expect(lossesOf(ops, [launch(5, 0.2 * MS)]).map(short)).toEqual([
      ['queued', MS, 2 * MS, false],
      ['queued', 2 * MS, 4 * MS, true],
      ['queued', 4 * MS, 5 * MS, false],
    ]);
  });
  test('begins only once it was launched: company before that delays nobody', () => {
    const ops = [...gapUntil(5 * MS), other(0, 5 * MS)];
    expect(lossesOf(ops, [launch(5, 3 * MS, 3.1 * MS)]).map(short)).toEqual([
      ['starved', MS, 3 * MS, 'own-code', 'sure'],
      ['starved', 3 * MS, 3.1 * MS, 'launch', 'straddling'],
      ['queued', 3.1 * MS, 5 * MS, true],
    ]);
  });
});

test('queued work behind others is the clock’s for as long as they took only because of it', () => {
  const ops = [...gapUntil(3 * MS), { start: MS, end: 2 * MS, stream: 13, work: 5 }];
  expect(
    lossesOf(ops, [launch(5, 0.2 * MS)], () => 0.25)
      .filter(l => l.kind === 'queued')
      .map(l => [l.start, l.end, l.foreign, l.byClock]),
  ).toEqual([
    [MS, 1.75 * MS, true, false],
    [1.75 * MS, 2 * MS, true, true],
    [2 * MS, 3 * MS, false, false],
  ]);
});

test('a starved gap knows whether others computed while it was open', () => {
  const contended = (...others: LaneOp[]) =>
    only(lossesOf([...gapUntil(3 * MS), ...others], [launch(5, 2 * MS)]), 'starved')[0]?.gap.contended;
  expect(contended()).toBe(false);
  expect(contended({ start: 0, end: MS, stream: 13 })).toBe(false);
  expect(contended({ start: 0, end: MS + 1, stream: 13 })).toBe(true);
});

describe('a kernel never seen before', () => {
  const gapOf = (work: number, kind: LaneOp['kind'] = 'kernel') => {
    const [loss] = only(lossesOf(gapUntil(3 * MS, { work, kind }), [launch(5, 2 * MS)]), 'starved');
    return loss?.gap.firstSeen;
  };
  test('is told from one that ran before', () => expect([gapOf(77), gapOf(0)]).toEqual([true, false]));
  test('is a kernel: a copy loads no code', () => expect(gapOf(77, 'copy')).toBe(false));
});

describe('a synchronisation before a gap', () => {
  const sync = (name: string): ThreadCall => ({ name, start: 0.5 * MS, end: MS + US });
  const needless = (first: LaneOp, name: string) =>
    only(lossesOf([first, { start: 1.5 * MS, end: 2 * MS, id: 5 }], [sync(name), launch(5, 1.4 * MS)]), 'starved')[0]?.gap
      .afterNeedlessSync;

  test('that waited for a kernel read nothing back', () => expect(needless({ start: 0, end: MS }, 'cudaStreamSynchronize')).toBe(true));
  test('of a stream that waited for a result was needed', () => expect(needless(readBack(0, MS), 'cudaStreamSynchronize')).toBe(false));
  test('of the whole device was not, even after a result', () => expect(needless(readBack(0, MS), 'cudaDeviceSynchronize')).toBe(true));
  test('is none when the thread was elsewhere as the gap opened', () => expect(needless({ start: 0, end: MS }, 'cudaMalloc')).toBe(false));
  test('of another thread is none', () => {
    const calls = [{ ...sync('cudaDeviceSynchronize'), thread: 1 }, launch(5, 1.4 * MS)];
    expect(only(lossesOf(gapUntil(1.5 * MS), calls), 'starved')[0]?.gap.afterNeedlessSync).toBe(false);
  });

  describe('makes even a gap as short as a launch a loss', () => {
    const brief = (first: LaneOp, begun: number) =>
      lossesOf([first, { start: MS + 9 * US, end: 2 * MS, id: 5 }], [sync('cudaStreamSynchronize'), launch(5, begun, begun + US)]);
    test('when it was needless', () => {
      expect(brief({ start: 0, end: MS }, MS + 2 * US)).toMatchObject([
        { kind: 'starved', start: MS, end: MS + 9 * US, gap: { afterNeedlessSync: true } },
      ]);
    });
    test('but not after a result', () => expect(only(brief(readBack(0.99 * MS, MS), MS + 2 * US), 'starved')).toEqual([]));
    test('nor when the work was queued already', () => expect(brief({ start: 0, end: MS }, 0.9 * MS)).toEqual([]));
  });
});

describe('copies', () => {
  const copy = (start: number, end: number): LaneOp => ({ start, end, kind: 'copy', copyKind: 1, bytes: 4096, pageable: true, work: 5 });
  test('are losses from 20 us on', () => {
    expect(lossesOf([copy(0, 20 * US)])).toEqual([{ kind: 'copy', start: 0, end: 20 * US, bytes: 4096, copyKind: 1, pageable: true }]);
    expect(lossesOf([copy(0, 20 * US - 1)])).toEqual([]);
  });
  test('count only where the lane did nothing else', () => {
    expect(lossesOf([{ start: 0, end: MS }, copy(0.5 * MS, 1.5 * MS)]).map(short)).toEqual([['copy', MS, 1.5 * MS]]);
    expect(lossesOf([{ start: 0, end: 2 * MS }, copy(0.5 * MS, 1.5 * MS)])).toEqual([]);
  });
  test('a copy counts as far as the lane does not compute beside it', () => {
    expect(lossesOf([copy(0, MS), { start: 30 * US, end: 2 * MS }]).map(short)).toEqual([['copy', 0, 30 * US]]);
  });
});

describe('slow kernels', () => {
  /** Forty kernels of 1 ms back to back, some of which take 3 ms. */
  const run = (isSlow: (i: number) => boolean): LaneOp[] => {
    let at = 0;
    return Array.from({ length: 40 }, (_, i) => {
      const start = at;
      at += isSlow(i) ? 3 * MS : MS;
      return { start, end: at };
    });
  };
  test('lose what lies beyond the same kernel’s normal time', () => {
    expect(lossesOf(run(i => i === 20))).toMatchObject([
      { kind: 'slow', start: 21 * MS, end: 23 * MS, normal: MS, foreignShare: 0, byClock: false },
    ]);
  });
  test('need five runs to be judged by', () => {
    expect(lossesOf(run(i => i === 3).slice(0, 5))).toHaveLength(1);
    expect(lossesOf(run(i => i === 3).slice(0, 4))).toEqual([]);
  });
  test('know how many of their neighbours were slow', () => {
    expect(only(lossesOf(run(i => i === 20)), 'slow')[0]?.slowAround).toBeCloseTo(1 / 33, 6);
    const half = only(lossesOf(run(i => i >= 21 && i < 40)), 'slow').at(-1);
    expect(half?.slowAround).toBe(1);
  });
  test('are other work when they are other work: each kind has its own normal', () => {
    expect(lossesOf(run(i => i % 2 === 0).map((o, i) => ({ ...o, work: i % 2 })))).toEqual([]);
  });
  test('know which share of their run others computed', () => {
    const list = [...run(i => i === 20), { start: 20 * MS, end: 21.5 * MS, stream: 13 }];
    expect(only(lossesOf(list), 'slow')[0]?.foreignShare).toBeCloseTo(0.5, 6);
  });
  test('are the clock’s as far as the clock was down, where too little ran at both clocks to measure it', () => {
    const losses = only(
      lossesOf(
        run(i => i === 20),
        [],
        from => (from >= 20 * MS && from < 23 * MS ? 0.2 : 0),
      ),
      'slow',
    );
    expect(losses.map(l => [l.start, l.end, l.byClock])).toEqual([
      [21 * MS, 22.4 * MS, false],
      [22.4 * MS, 23 * MS, true],
    ]);
  });
  /** The clock is a fifth down in the second half of forty kernels, which then take so many ms. */
  const clocked = (low: number, clockLoss = 0.2) => {
    const list = Array.from({ length: 40 }, (_, i) => ({
      start: i < 20 ? i * MS : (20 + (i - 20) * low) * MS,
      end: i < 20 ? (i + 1) * MS : (20 + (i - 19) * low) * MS,
    }));
    return only(
      lossesOf(list, [], from => (from >= 20 * MS ? clockLoss : 0)),
      'slow',
    );
  };
  test('are the clock’s when the same kernels were slower at the lower clock, though none stands out', () => {
    const losses = clocked(1.25);
    expect(losses.map(l => l.byClock)).toEqual(Array(20).fill(true));
    for (const l of losses) expect(l.end - l.start).toBeCloseTo(0.25 * MS, 0);
  });
  test('are not the clock’s when the same kernels were no slower at the lower clock: they wait for memory', () => {
    expect(clocked(1)).toEqual([]);
    expect(clocked(1.01)).toEqual([]);
  });
  test('lose no more to the clock than it was down, however slow they were', () => {
    for (const l of clocked(1.6).filter(x => x.byClock)) expect(l.end - l.start).toBeCloseTo(0.2 * 1.6 * MS, 0);
  });
  test('are nobody’s clock when the clock is not known', () => {
    expect(
      only(
        lossesOf(
          run(i => i === 20),
          [],
          () => undefined,
        ),
        'slow',
      ).map(l => l.byClock),
    ).toEqual([false]);
  });
});

test('the work grows with the number of gaps, not with its square', () => {
  const STEP = 200 * US;
  const runOf = (n: number) =>
    Array.from({ length: n }, (_, k): LaneOp[] => [
      { start: k * STEP, end: k * STEP + 100 * US, id: 5 },
      { start: k * STEP + 110 * US, end: k * STEP + 150 * US, stream: 13 },
    ]).flat();
  let reads = 0;
  /** The same object, which counts how often a value of any of its columns is read. */
  const counted = <T extends object>(object: T): T =>
    new Proxy(object, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (ArrayBuffer.isView(target)) {
          if (typeof value === 'number' && key !== 'length') reads++;
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return ArrayBuffer.isView(value) || (value !== null && typeof value === 'object' && 'n' in value) ? counted(value) : value;
      },
    });
  const readsFor = (n: number) => {
    const ops = laneOps(runOf(n));
    reads = 0;
    const losses = findLosses(counted(ops), hostCalls([launch(5, 0)]), counted(laneOf(ops)), () => 0, new Map());
    expect(losses.length).toBeGreaterThan(2.6 * n);
    expect(reads).toBeGreaterThan(n);
    return reads;
  };
  // Eight times the gaps: a square would be 64, and sorting makes a little more than 8.
  expect(readsFor(2400) / readsFor(300)).toBeLessThan(16);
});

test('whatever ran, losses ascend, never overlap, and lie between the first operation and the last', () => {
  const op = fc.record({
    start: fc.integer({ min: 0, max: 500 }).map(t => t * 10 * US),
    length: fc.integer({ min: 1, max: 40 }),
    kind: fc.constantFrom<NonNullable<LaneOp['kind']>>('kernel', 'kernel', 'copy', 'memset'),
    stream: fc.constantFrom(7, 7, 8, 13),
    work: fc.integer({ min: 0, max: 2 }),
    launched: fc.integer({ min: -300, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(op, { minLength: 1, maxLength: 60 }), list => {
      const ops = list.map((o, id) => ({ ...o, id, end: o.start + o.length * 10 * US }));
      const calls = ops.filter(o => o.id % 5 > 0).map(o => launch(o.id, o.start + o.launched * US, o.start + o.launched * US + 9 * US));
      const losses = lossesOf(ops, calls, () => 0.1, [7, 8]);
      const mine = ops.filter(o => o.stream !== 13);
      for (const [i, l] of losses.entries()) {
        expect(l.end).toBeGreaterThan(l.start);
        expect(l.start).toBeGreaterThanOrEqual(Math.min(...mine.map(o => o.start)));
        expect(l.end).toBeLessThanOrEqual(Math.max(...mine.map(o => o.end)));
        if (i > 0) expect(l.start).toBeGreaterThanOrEqual(losses[i - 1]!.end);
      }
    }),
    runs(200),
  );
});

describe('a collective that spun for a late rank', () => {
  const wait: LateWait = { op: 30, ns: 8 * MS, rank: 'rank 1', cause: 'host-compute', why: '' };
  /** Thirty collectives of 1 ms, then one of 10 ms; other work of the lane runs beside it for so long. */
  const run = (beside: number): LaneOp[] => [
    ...Array.from({ length: 30 }, (_, i) => ({ start: i * MS, end: (i + 1) * MS, kind: 'communication' as const, work: 3 })),
    { start: 30 * MS, end: 40 * MS, kind: 'communication', work: 3 },
    ...(beside > 0 ? [{ start: 29.9 * MS, end: 30 * MS + beside, stream: 8, work: 4 }] : []),
  ];
  const spins = (beside: number, lateWaits: ReadonlyMap<number, LateWait>) =>
    lossesOf(run(beside), [], () => 0, [7, 8], lateWaits).filter(l => l.kind === 'spin' || l.kind === 'slow');

  test('its wait is a loss of its own, and the rest is as long as it must be', () => {
    expect(spins(0, new Map([[30, wait]]))).toEqual([{ kind: 'spin', start: 30 * MS, end: 38 * MS, wait }]);
  });
  test('without a late rank it is a slow kernel, as before', () => {
    expect(spins(0, new Map()).map(short)).toEqual([['slow', 31 * MS, 40 * MS]]);
  });
  test('time in which the lane computed beside it is not lost', () => {
    const shifted = new Map([[31, wait]]);
    expect(spins(3 * MS, shifted).filter(l => l.kind === 'spin')).toEqual([{ kind: 'spin', start: 33 * MS, end: 38 * MS, wait }]);
    expect(spins(9 * MS, shifted).filter(l => l.kind === 'spin')).toEqual([]);
  });
});
