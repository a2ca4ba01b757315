import { getOrCompute } from '#core/get-or-compute';
import { detectors } from '#diagnosis/causes/index.gen';
import type { CollectiveOptions } from '#multi-gpu/collectives/analyze-collectives';
import type { CollectiveSource } from '#multi-gpu/ranks/source';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import { ACTIVITIES, type Activity } from '#trace/events/host-categories';
import { NO_MIGRATIONS } from '#trace/events/migrations';
import { type ThreadCalls, threadCalls } from '#trace/events/thread-activity';
import { ownClock } from '#trace/opened-trace';

export const US = 1000;
export const MS = 1e6;
export const options: CollectiveOptions = { detectors };

/** Random numbers that are the same in every run. */
export function rng(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    let x = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    x ^= x >>> 16;
    return (x >>> 0) / 2 ** 32;
  };
}

/** Why a rank of the synthetic run is late. */
export type Fault = 'computes' | 'blocked' | 'neighbour' | 'slower' | 'more-work';

export interface Run {
  readonly ranks: number;
  readonly steps: number;
  /** Ranks of each report; all in one where left out. */
  readonly perSource?: number;
  readonly seed?: number;
  /** How far each rank's entries scatter, ns. */
  readonly jitter?: number;
  /** How far ahead each report's wall clock is, ns. */
  readonly skew?: readonly number[];
  /** How much faster each report's clock runs, parts per million. */
  readonly drift?: readonly number[];
  /** When each report's session began, ns. */
  readonly begin?: readonly number[];
  readonly late?: readonly { readonly rank: number; readonly step: number; readonly ns: number; readonly fault?: Fault }[];
  /** Ranks meet only those with the same value. */
  readonly team?: (rank: number) => number;
  /** Kernels that the trace lost: rank and step. */
  readonly lost?: readonly (readonly [number, number])[];
  /** Name of the kernel of each step. */
  readonly kernel?: (step: number) => string;
}

interface Op {
  readonly rank: number;
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly stream: number;
  readonly id: number;
  readonly launched: number;
}
interface Wait {
  readonly rank: number;
  readonly start: number;
  readonly end: number;
}

const COMPUTE = 80 * US;
export const TRANSFER = 20 * US;
const LAUNCH = 5 * US;

/** What ran, on a clock that is everybody's: per step, each rank computes once and then meets its team. */
function simulate(run: Run) {
  const random = rng(run.seed ?? 1);
  const ops: Op[] = [];
  const waits: Wait[] = [];
  const free = new Float64Array(run.ranks).fill(2 * MS);
  let id = 1;
  for (let step = 0; step < run.steps; step++) {
    const entries = new Map<number, number>();
    for (let rank = 0; rank < run.ranks; rank++) {
      const fault = run.late?.find(l => l.rank === rank && l.step === step);
      const onHost = fault !== undefined && (fault.fault === undefined || fault.fault === 'computes' || fault.fault === 'blocked');
      const begun = (free[rank] ?? 0) + LAUNCH + random() * (run.jitter ?? 0) + (onHost ? fault.ns : 0);
      if (fault?.fault === 'blocked') waits.push({ rank, start: (free[rank] ?? 0) + US, end: begun - 3 * US });
      const longer = fault !== undefined && !onHost ? fault.ns : 0;
      const parts = fault?.fault === 'more-work' ? 4 : 1;
      const length = (COMPUTE + longer) / parts;
      for (let k = 0; k < parts; k++)
        ops.push({
          rank,
          start: begun + k * length,
          end: begun + (k + 1) * length,
          name: 'gemm',
          stream: 7,
          id: id++,
          launched: begun - 2 * US,
        });
      if (fault?.fault === 'neighbour')
        ops.push({ rank, start: begun, end: begun + length, name: 'neighbour', stream: 99, id: id++, launched: begun - 2 * US });
      entries.set(rank, begun + parts * length + US);
    }
    for (let rank = 0; rank < run.ranks; rank++) {
      const team = run.team?.(rank) ?? 0;
      const mates = [...entries].filter(([r]) => (run.team?.(r) ?? 0) === team);
      const end = Math.max(...mates.map(([, t]) => t)) + TRANSFER + random() * US;
      const start = entries.get(rank) ?? 0;
      free[rank] = end;
      if (run.lost?.some(([r, s]) => r === rank && s === step)) continue;
      const name = run.kernel?.(step) ?? 'ncclDevKernel_AllReduce_Sum_bf16_RING_LL';
      ops.push({ rank, start, end, name, stream: 7, id: id++, launched: start - 2 * US - COMPUTE / 2 });
    }
  }
  return { ops, waits };
}

const EPOCH = 1_795_312_124_597_845_000n;

/** A run as its reports would show it. Rank r is process 100 + r on GPU r. */
export function recordingsOf(run: Run): CollectiveSource[] {
  const { ops, waits } = simulate(run);
  const perSource = run.perSource ?? run.ranks;
  return Array.from({ length: Math.ceil(run.ranks / perSource) }, (_, s): CollectiveSource => {
    const mine = (x: { rank: number }) => Math.floor(x.rank / perSource) === s;
    const begin = run.begin?.[s] ?? 0;
    const local = (t: number) => Math.round((t - begin) * (1 + (run.drift?.[s] ?? 0) * 1e-6));
    return {
      name: `report ${s}`,
      clock: ownClock(EPOCH + BigInt(Math.round(begin + (run.skew?.[s] ?? 0)))),
      ...traceOf(ops.filter(mine), waits.filter(mine), local),
    };
  });
}

function traceOf(list: readonly Op[], waits: readonly Wait[], local: (t: number) => number): { ops: GpuOps; host: HostCalls } {
  const rows = list.toSorted((a, b) => a.start - b.start || a.id - b.id);
  const n = rows.length;
  const ranks = [...new Set(rows.map(o => o.rank))].sort((a, b) => a - b);
  const names = [...new Set(rows.map(o => o.name))];
  const nameOf = Int32Array.from(rows, o => names.indexOf(o.name));
  const pid = (rank: number) => (100 + rank) * 2 ** 24;
  const ops: GpuOps = {
    n,
    start: Float64Array.from(rows, o => local(o.start)),
    end: Float64Array.from(rows, o => local(o.end)),
    kind: Uint8Array.from(rows, o => (o.name.startsWith('nccl') ? OP.communication : OP.kernel)),
    device: Int32Array.from(rows, o => ranks.indexOf(o.rank)),
    stream: Int32Array.from(rows, o => o.stream),
    process: Int32Array.from(rows, o => ranks.indexOf(o.rank)),
    correlation: Int32Array.from(rows, o => o.id),
    work: nameOf,
    nameId: nameOf,
    fullNameId: nameOf,
    bytes: new Float64Array(n),
    copyKind: new Int8Array(n).fill(-1),
    pageable: new Uint8Array(n),
    inGraph: new Uint8Array(n),
    migrations: NO_MIGRATIONS,
    devices: ranks.map(r => `GPU ${r}`),
    processes: ranks.map(pid),
    names: new Map(names.map((name, i) => [i, name])),
  };
  const calls = [
    ...rows.map(o => ({ rank: o.rank, start: o.launched, end: o.launched + US, activity: 'launch' as Activity, name: 0 })),
    ...waits.map(w => ({ ...w, activity: 'wait' as Activity, name: 1 })),
  ];
  const start = Float64Array.from(calls, c => local(c.start));
  const end = Float64Array.from(calls, c => local(c.end));
  const activity = Uint8Array.from(calls, c => ACTIVITIES.indexOf(c.activity));
  const name = Int32Array.from(calls, c => c.name);
  const callOf = new Map(rows.map((o, i) => [`${pid(o.rank)}:${o.id}`, i]));
  const known = new Map<number, ThreadCalls>();
  const host: HostCalls = {
    api: {
      n,
      start: start.subarray(0, n),
      end: end.subarray(0, n),
      thread: Int32Array.from(rows, o => ranks.indexOf(o.rank)),
      nameId: name.subarray(0, n),
      find: (p, c) => callOf.get(`${p}:${c}`) ?? -1,
    },
    threads: ranks.map(r => ({ process: pid(r), pid: 100 + r, tid: 1 })),
    callsOf: t =>
      getOrCompute(known, t, () =>
        threadCalls(Int32Array.from(calls.flatMap((c, i) => (c.rank === ranks[t] ? [i] : []))), start, end, activity, name),
      ),
    nameOf: id => ['cudaLaunchKernel', 'pthread_cond_wait'][id] ?? '',
    hasOsCalls: true,
  };
  return { ops, host };
}
