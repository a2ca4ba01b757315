import { describe, expect, test } from 'vitest';
import type { Detector } from '#diagnosis/causes/define';
import { detectors } from '#diagnosis/causes/index.gen';
import { laneOf } from '#diagnosis/lanes/lane';
import { type SampleTimeline, sampleTimeline } from '#diagnosis/telemetry/samples';
import { waitGraph } from '#diagnosis/waits/wait-graph';
import { hostCalls, type LaneOp, laneOps, type ThreadCall } from '#test/lane-sample';
import { latePeers, otherLanes } from './late-peers.ts';

const US = 1000;
const MS = 1e6;
const TURN = 10 * MS;
const TURNS = 60;
/** Kernels of a turn that is held up, and which that is. */
const HELD = 30;
const TOGETHER = 9;

interface Rank {
  readonly device: number;
  readonly pid: number;
  /** By how much the rank comes late to the turn that is held up, ns. */
  readonly late?: number;
  /** What its thread did meanwhile. */
  readonly call?: string;
  readonly kind?: LaneOp['kind'];
}

/**
 * Ranks that run a kernel of their own for 2 ms each turn, then one together for 1 ms, which nobody ends before the last has come. Each is
 * launched by a thread of its own, 50 µs before.
 */
function run(ranks: readonly Rank[], name = 'all_gather') {
  const latest = Math.max(0, ...ranks.map(r => r.late ?? 0));
  const list: LaneOp[] = [];
  const calls: ThreadCall[] = [];
  for (const [thread, { device, pid, late = 0, call, kind = 'kernel' }] of ranks.entries())
    for (let k = 0; k < TURNS; k++) {
      const at = k * TURN;
      const by = k === HELD ? late : 0;
      const from = at + 2 * MS + 10 * US + by;
      const end = at + 3 * MS + 10 * US + (k === HELD ? latest : 0);
      list.push({ start: at, end: at + 2 * MS, device, pid, id: 2 * k, work: 1 + device });
      list.push({ start: from, end, device, pid, id: 2 * k + 1, work: TOGETHER, kind });
      if (call !== undefined && k === HELD) calls.push({ start: at + 2 * MS, end: from - 40 * US, name: call, thread, pid });
      calls.push({ start: at - 30 * US, end: at - 20 * US, name: 'cudaLaunchKernel', thread, pid, id: 2 * k });
      calls.push({ start: from - 30 * US, end: from - 20 * US, name: 'cudaLaunchKernel', thread, pid, id: 2 * k + 1 });
    }
  const { nameId, ...rest } = laneOps(list);
  // The operation that the ranks run together has this name.
  const ops = { ...rest, nameId: nameId.map((id, i) => (rest.work[i] === TOGETHER ? TOGETHER : id)), names: new Map([[TOGETHER, name]]) };
  const host = { ...hostCalls(calls), threads: ranks.map(({ pid }, tid) => ({ process: pid, pid, tid })) };
  return { ops, host };
}
const NO_SAMPLES = sampleTimeline([], []);

function late(
  ranks: readonly Rank[],
  {
    judges = detectors,
    samplesOf = () => NO_SAMPLES,
    name = 'all_gather',
  }: { judges?: readonly Detector[]; samplesOf?: (device: string) => SampleTimeline; name?: string } = {},
) {
  const { ops, host } = run(ranks, name);
  const [own] = ranks;
  const lane = laneOf(ops, ops.processes.indexOf(own?.pid ?? 1), own?.device ?? 0, new Float64Array(0), new Set([7]));
  const { waits } = latePeers({ ops, host }, lane, judges, samplesOf, waitGraph(host));
  return [...waits].map(([op, wait]) => ({ ...wait, op, start: ops.start[op]!, device: ops.device[op]! }));
}
const OWN: Rank = { device: 0, pid: 1 };
const START = HELD * TURN + 2 * MS + 10 * US;

describe('an operation that was kept waiting by a rank in lockstep', () => {
  test('is told with that rank, how long it waited, and what kept the other', () =>
    expect(late([OWN, { device: 1, pid: 2, late: 4 * MS, call: 'cudaMalloc' }])).toEqual([
      { op: expect.any(Number), start: START, device: 0, ns: 4 * MS, rank: 'GPU 1', cause: 'memory-allocation', why: 'cudaMalloc' },
    ]));
  test('may be a rank of the same process', () =>
    expect(late([OWN, { device: 1, pid: 1, late: 4 * MS, call: 'cudaMalloc' }])).toMatchObject([{ rank: 'GPU 1' }]));
  test('is told with the rank that kept it longest, in whatever order they come', () => {
    const [first, second]: [Rank, Rank] = [
      { device: 1, pid: 2, late: 2 * MS, call: 'cudaMalloc' },
      { device: 2, pid: 3, late: 5 * MS, call: 'cuModuleLoad' },
    ];
    for (const ranks of [
      [OWN, first, second],
      [OWN, second, first],
    ])
      expect(late(ranks)).toMatchObject([{ ns: 5 * MS, rank: 'GPU 2', cause: 'code-load' }]);
  });
  test('is told without a cause where no detector knows what kept the other', () =>
    expect(late([OWN, { device: 1, pid: 2, late: 4 * MS, call: 'cudaMalloc' }], { judges: [] })).toMatchObject([
      { cause: 'unexplained', why: 'no call accounts for it' },
    ]));
  test('is judged by the samples of the late rank’s GPU', () => {
    const asked: string[] = [];
    const samplesOf = (device: string) => {
      asked.push(device);
      return NO_SAMPLES;
    };
    late([OWN, { device: 1, pid: 2, late: 4 * MS }], { samplesOf });
    expect(asked).toEqual(['GPU 1']);
  });
});

describe('whole graphs that ranks run together', () => {
  function graphs(ranks: readonly Rank[]) {
    const { ops, host } = run(ranks, 'all_gather');
    const lane = laneOf(ops, ops.processes.indexOf(1), 0, new Float64Array(0), new Set([7]));
    return latePeers({ ops, host }, lane, detectors, () => NO_SAMPLES, waitGraph(host)).graphs;
  }
  test('are counted for each peer: what is in them is hidden', () =>
    expect(
      graphs([
        { ...OWN, kind: 'graph' },
        { device: 1, pid: 2, kind: 'graph' },
      ]),
    ).toEqual([{ peer: 'GPU 1', count: expect.any(Number) }]));
  test('are none where single kernels are recorded', () => expect(graphs([OWN, { device: 1, pid: 2 }])).toEqual([]));
  test('are none where another rank runs graphs of its own time', () =>
    expect(
      graphs([
        { ...OWN, kind: 'graph' },
        { device: 1, pid: 2 },
      ]),
    ).toEqual([]));
});

describe('nothing was kept waiting', () => {
  test('where all came on time', () => expect(late([OWN, { device: 1, pid: 2 }])).toEqual([]));
  test('where this rank was the late one itself', () =>
    expect(
      late([
        { ...OWN, late: 4 * MS },
        { device: 1, pid: 2 },
      ]),
    ).toEqual([]));
  test('for less than a launch takes', () => {
    expect(late([OWN, { device: 1, pid: 2, late: 20 * US }])).toHaveLength(1);
    expect(late([OWN, { device: 1, pid: 2, late: 20 * US - 1 }])).toEqual([]);
  });
  test('in a kernel known as a collective: the comparison of all ranks has judged it, but not sends and receives', () => {
    const named = (name: string) => {
      const peer: Rank = { device: 1, pid: 2, late: 4 * MS, kind: 'communication' };
      return late([{ ...OWN, kind: 'communication' }, peer], { name });
    };
    expect(named('ncclDevKernel_AllReduce_Sum_bf16_RING_LL')).toEqual([]);
    expect(named('ncclDevKernel_SendRecv')).toMatchObject([{ ns: 4 * MS, rank: 'GPU 1' }]);
  });
  test('where there is no other rank', () => expect(late([OWN])).toEqual([]));
});

describe('lanes of other GPUs', () => {
  /** Devices of the lanes beside a lane on GPU 0 of process 1. */
  const others = (list: readonly LaneOp[]) => {
    const ops = laneOps([{ start: 0, end: 1 }, ...list]);
    return otherLanes(ops, laneOf(ops, 0, 0, new Float64Array(0))).map(l => [ops.processes[l.process], l.device]);
  };
  const some = (n: number, device: number, pid = 1) => Array.from({ length: n }, (_, i) => ({ start: 2 * i, end: 2 * i + 1, device, pid }));
  test('have a hundred operations', () => {
    expect(others(some(100, 1))).toEqual([[1, 1]]);
    expect(others(some(99, 1))).toEqual([]);
  });
  test('are told apart by process', () => expect(others([...some(99, 1, 1), ...some(100, 1, 2)])).toEqual([[2, 1]]));
  test('are on another GPU: who shares this one is no rank', () => expect(others(some(200, 0, 2))).toEqual([]));
  test('are none in an empty trace', () => {
    const { ops } = run([]);
    expect(otherLanes(ops, laneOf(ops, 0, 0, new Float64Array(0)))).toEqual([]);
  });
});
