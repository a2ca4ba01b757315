import { describe, expect, test } from 'vitest';
import { type LaneOp, laneOps } from '#test/lane-sample';
import { LAUNCH_NS, laneOf } from './lane.ts';
import { keptBy, pairsOf } from './lockstep.ts';

const US = 1000;
const MS = 1e6;
/** A turn takes 10 ms; the kernel that both ranks run together takes 1 ms of it. */
const TURN = 10 * MS;

interface Together {
  readonly start: number;
  readonly end: number;
}

/** Two ranks of one process, on GPU 0 and GPU 1, each with one kernel a turn. */
function ranks(first: readonly Together[], second: readonly Together[], kind: LaneOp['kind'] = 'kernel', more: readonly LaneOp[] = []) {
  const all = (list: readonly Together[], device: number) => list.map(t => ({ ...t, device, kind, work: 5 }));
  const ops = laneOps([...all(first, 0), ...all(second, 1), ...more]);
  const lane = (device: number) => laneOf(ops, 0, device, new Float64Array(0), new Set([7]));
  return { ops, lane: lane(0), peer: lane(1) };
}
const pairs = (...given: Parameters<typeof ranks>) => {
  const { ops, lane, peer } = ranks(...given);
  return pairsOf(ops, lane, peer);
};
const turns = (n: number, change: (k: number) => Partial<Together> = () => ({})) =>
  Array.from({ length: n }, (_, k) => ({ start: k * TURN, end: k * TURN + MS, ...change(k) }));
/** Moves a turn by so much. */
const moved = (t: Together, ns: number) => ({ start: t.start + ns, end: t.end + ns });

describe('operations that two lanes run together', () => {
  test('are those of one kernel that end at the same time, the k-th with the k-th', () => {
    const { ops, lane, peer } = ranks(turns(20), turns(20));
    const found = pairsOf(ops, lane, peer);
    expect(found?.own).toHaveLength(20);
    for (const [k, a] of found!.own.entries()) {
      expect([ops.device[a], ops.device[found!.peers[k]!]]).toEqual([0, 1]);
      expect(ops.end[a]).toBe(ops.end[found!.peers[k]!]);
    }
  });
  test('are at least 20', () => {
    expect(pairs(turns(20), turns(20))).toBeDefined();
    expect(pairs(turns(19), turns(19))).toBeUndefined();
  });
  test('may end 50 µs apart and no more', () => {
    const short = turns(20, k => ({ end: k * TURN + 200 * US }));
    const apart = (ns: number) =>
      pairs(
        short,
        short.map(t => moved(t, ns)),
      );
    expect(apart(50 * US)?.own).toHaveLength(20);
    expect(apart(-50 * US)?.own).toHaveLength(20);
    expect(apart(50 * US + 1)).toBeUndefined();
    expect(apart(-50 * US - 1)).toBeUndefined();
  });
  test('may end 5 % of their length apart, where they take long', () => {
    const long = (by: number) => turns(20, k => ({ end: k * TURN + 8 * MS + by }));
    // Of the longer of the two.
    expect(pairs(long(0), long(0.4 * MS))?.own).toHaveLength(20);
    expect(pairs(long(0), long(0.43 * MS))).toBeUndefined();
  });
  test('end together in four of five cases, or are merely alike', () => {
    const loose = (n: number) => turns(20).map((t, k) => (k < n ? moved(t, MS) : t));
    expect(pairs(turns(20), loose(4))?.own).toHaveLength(20);
    expect(pairs(turns(20), loose(5))).toBeUndefined();
  });
  test('show it in their first hundred runs', () => {
    const loose = (n: number) => turns(300).map((t, k) => (k < n ? moved(t, MS) : t));
    expect(pairs(turns(300), loose(20))?.own).toHaveLength(300);
    expect(pairs(turns(300), loose(21))).toBeUndefined();
  });
  test('run equally often, but for what the capture’s edges cut off', () => {
    expect(pairs(turns(20), turns(20).slice(1))?.own).toHaveLength(19);
    expect(pairs(turns(20).slice(1), turns(20))).toBeUndefined();
    expect(pairs(turns(40), turns(40).slice(2))?.own).toHaveLength(38);
    expect(pairs(turns(40), turns(40).slice(3))).toBeUndefined();
  });
  test('are paired by time where one has a few more', () => {
    const { ops, lane, peer } = ranks(turns(40), turns(40).toSpliced(17, 1));
    const found = pairsOf(ops, lane, peer)!;
    expect(found.own).toHaveLength(39);
    for (const [k, a] of found.own.entries()) expect(ops.start[found.peers[k]!]).toBe(ops.start[a]);
  });
  test('may be whole graphs, whatever their names', () => expect(pairs(turns(20), turns(20), 'graph')?.own).toHaveLength(20));
  test('are no copies and no fills', () => {
    expect(pairs(turns(20), turns(20), 'copy')).toBeUndefined();
    expect(pairs(turns(20), turns(20), 'memset')).toBeUndefined();
  });
  test('are not kernels of different names', () => {
    const other = turns(20).map(t => ({ ...t, device: 1, work: 6 }));
    expect(pairs(turns(20), [], 'kernel', other)).toBeUndefined();
  });
  test('leave out those kernels that each rank runs at its own time', () => {
    const own = (device: number, offset: number) => turns(20).map(t => ({ ...moved(t, offset), device, work: 6 }));
    expect(pairs(turns(20), turns(20), 'kernel', [...own(0, 2 * MS), ...own(1, 4 * MS)])?.own).toHaveLength(20);
  });
  test('are none where a lane ran nothing', () => {
    expect(pairs([], [])).toBeUndefined();
    expect(pairs(turns(20), [])).toBeUndefined();
    expect(pairs([], turns(20))).toBeUndefined();
  });
});

describe('an operation kept waiting by its counterpart', () => {
  /** The peer begins so much later in one turn, and both end as much later. */
  const late = (ns: number, n = 20, which = 7, needs = MS) => {
    const first = turns(n, k => ({ end: k * TURN + needs + (k === which ? ns : 0) }));
    const second = turns(n, k => (k === which ? { start: k * TURN + ns, end: k * TURN + needs + ns } : { end: k * TURN + needs }));
    return ranks(first, second);
  };
  const kept = ({ ops, lane, peer }: ReturnType<typeof ranks>) => keptBy(ops, pairsOf(ops, lane, peer)!);

  test('waited from its own start until the other began', () => {
    const given = late(3 * MS);
    expect(kept(given)).toEqual([{ op: expect.any(Number), from: 7 * TURN, to: 7 * TURN + 3 * MS }]);
    expect(given.ops.start[kept(given)[0]!.op]).toBe(7 * TURN);
    expect(given.ops.device[kept(given)[0]!.op]).toBe(0);
  });
  test('is none of the late one’s: it did not wait', () => {
    const { ops, lane, peer } = late(3 * MS);
    expect(keptBy(ops, pairsOf(ops, peer, lane)!)).toEqual([]);
  });
  test('is not where both were on time', () => expect(kept(late(0))).toEqual([]));
  test('waited for as long as a launch takes, or nobody lost anything', () => {
    expect(kept(late(LAUNCH_NS))).toHaveLength(1);
    expect(kept(late(LAUNCH_NS - 1))).toEqual([]);
  });
  test('waited no longer than its own length beyond what the work takes: the rest it worked', () => {
    // The peer came 3 ms later and caught up: both were done 1 ms late.
    const first = turns(20, k => (k === 7 ? { end: 7 * TURN + 5 * MS } : { end: k * TURN + 4 * MS }));
    const second = turns(20, k => (k === 7 ? { start: 7 * TURN + 3 * MS, end: 7 * TURN + 5 * MS } : { end: k * TURN + 4 * MS }));
    expect(kept(ranks(first, second))).toMatchObject([{ from: 7 * TURN, to: 7 * TURN + MS }]);
  });
  test('by no more than the starts scatter anyway is not kept', () => {
    // Leads of 0 to 40 µs, their median 20: with a robust sigma of 14.826 µs the limit is 64.478 µs.
    const scatter = (ns: number) => {
      const lead = (k: number) => (k === 7 ? ns : [0, 10, 20, 30, 40][k % 5]! * US);
      return ranks(
        turns(25, k => ({ end: k * TURN + MS + lead(k) })),
        turns(25, k => ({ start: k * TURN + lead(k), end: k * TURN + MS + lead(k) })),
      );
    };
    expect(kept(scatter(64 * US))).toEqual([]);
    expect(kept(scatter(65 * US))).toHaveLength(1);
  });
  test('is kept by a peer that is always late only when it is later than that', () => {
    const always = (more: number) => {
      const lead = (k: number) => MS + (k === 7 ? more : 0);
      return ranks(
        turns(20, k => ({ end: k * TURN + 2 * MS + lead(k) })),
        turns(20, k => ({ start: k * TURN + lead(k), end: k * TURN + 2 * MS + lead(k) })),
      );
    };
    expect(kept(always(0))).toEqual([]);
    expect(kept(always(MS))).toMatchObject([{ from: 7 * TURN, to: 7 * TURN + 2 * MS }]);
  });
  test('is told from five pairs at the least', () => {
    const { ops, lane, peer } = late(3 * MS);
    const all = pairsOf(ops, lane, peer)!;
    const from = (first: number, end: number) => keptBy(ops, { own: all.own.subarray(first, end), peers: all.peers.subarray(first, end) });
    expect(from(5, 10)).toHaveLength(1);
    expect(from(6, 10)).toEqual([]);
    expect(from(7, 8)).toEqual([]);
    expect(from(7, 7)).toEqual([]);
  });
});
