import type { CopyRow } from '#multi-gpu/peer-copies/copy-rows';
import type { PeerCopy } from '#multi-gpu/peer-copies/peer-copy';
import type { PipelineSource } from '#multi-gpu/pipeline/source';
import { OP } from '#trace/events/gpu-ops';
import { ACTIVITIES, cudaActivity, osActivity } from '#trace/events/host-categories';
import { NO_MIGRATIONS } from '#trace/events/migrations';
import { threadCalls } from '#trace/events/thread-activity';

/** What a made-up pipeline does. Times in ns; everything is deterministic. */
export interface Plan {
  readonly schedule: 'gpipe' | '1f1b' | 'interleaved' | 'zb-h1';
  /** Another order than the schedule's. */
  readonly order?: (rank: number) => readonly Op[];
  readonly p: number;
  readonly m: number;
  readonly v?: number;
  /** What an operation takes. */
  readonly time: (kind: 'F' | 'B' | 'W', stage: number, microbatch: number) => number;
  /** From the producer's end to the start of the copy, and the copy. */
  readonly latency?: number;
  readonly copy?: number;
  /** Copies are launched by the thread of their producer, right after it, as programs do; else long before, by a thread of their own. */
  readonly copiesInTurn?: boolean;
  /** Down to the host and up again, each half as long as `copy`. */
  readonly staged?: boolean;
  /** How much later than it could have started an operation is launched. */
  readonly late?: (kind: 'F' | 'B' | 'W', stage: number, microbatch: number) => number;
  /** How much later than its first kernel ends the second kernel of an operation is launched: the operation takes that much longer. */
  readonly split?: (kind: 'F' | 'B' | 'W', stage: number, microbatch: number) => number;
  /** What the launching thread is in while it is late, as a call of CUDA or of the operating system; its own code where it is in none. */
  readonly doing?: (op: Op) => { readonly name: string; readonly os: boolean } | undefined;
  /** What phase an operation is marked as belonging to. */
  readonly phase?: (op: Op) => string;
  /** How an operation is called. */
  readonly name?: (op: Op) => string | undefined;
  readonly iterations?: number;
  /** One report a rank, each with a clock that is off by this much a rank. */
  readonly reports?: {
    readonly clockOff: number;
    /** What the clocks are thought to be off by is wrong by this much a rank. */
    readonly wrong?: number;
    /** With both ends of NCCL's messages. */
    readonly nccl?: boolean;
  };
  /** One process a GPU. */
  readonly processes?: boolean;
}

export interface Op {
  readonly kind: 'F' | 'B' | 'W';
  readonly mb: number;
  readonly stage: number;
  readonly rank: number;
}

/** What is true of it, found by recursion over what each operation waits for. */
export interface Truth {
  readonly ops: readonly (Op & { readonly start: number; readonly end: number; readonly ready: number })[];
  readonly length: number;
  /** Compute of each rank. */
  readonly compute: readonly number[];
  readonly handoffs: readonly { readonly from: Op; readonly to: Op; readonly start: number; readonly end: number }[];
}

/** Order of a rank's operations, written down as the diagrams of the papers read from left to right. */
function line({ schedule, p, m, v = 1 }: Plan, rank: number): Op[] {
  const F = (mb: number, stage = rank): Op => ({ kind: 'F', mb, stage, rank });
  const B = (mb: number, stage = rank): Op => ({ kind: 'B', mb, stage, rank });
  const W = (mb: number, stage = rank): Op => ({ kind: 'W', mb, stage, rank });
  const row: Op[] = [];
  if (schedule === 'gpipe') {
    for (let i = 0; i < 2 * m; i++) row.push(i < m ? F(i) : B(i - m));
    return row;
  }
  if (schedule === 'interleaved') {
    // k-th forward and k-th backward of a rank: p microbatches at a time through chunk after chunk.
    const forward: Op[] = [];
    const backward: Op[] = [];
    for (let first = 0; first < m; first += p)
      for (let chunk = 0; chunk < v; chunk++)
        for (let mb = first; mb < Math.min(m, first + p); mb++) {
          forward.push(F(mb, chunk * p + rank));
          backward.push(B(mb, (v - 1 - chunk) * p + rank));
        }
    let ahead = Math.min(2 * (p - 1 - rank) + p * (v - 1), m * v);
    while (ahead-- > 0) row.push(forward.shift()!);
    while (backward.length > 0) {
      if (forward.length > 0) row.push(forward.shift()!);
      row.push(backward.shift()!);
    }
    return row;
  }
  // A rank may have p − rank microbatches under way: it fills up, then each backward makes room for one forward.
  let f = 0;
  let w = 0;
  for (let b = 0; b < m; b++) {
    while (f < m && f - b < p - rank) row.push(F(f++));
    row.push(B(b));
    if (schedule === 'zb-h1' && b >= rank) row.push(W(w++));
  }
  while (schedule === 'zb-h1' && w < m) row.push(W(w++));
  return row;
}

const keyOf = (o: Op) => `${o.kind}/${o.mb}/${o.stage}`;

/** When everything happens, by asking of each operation when it can begin. */
export function truthOf(plan: Plan): Truth {
  const { p, latency = 0, copy = 0 } = plan;
  const rows = Array.from({ length: p }, (_, rank) => plan.order?.(rank) ?? line(plan, rank));
  const before = new Map<string, Op | undefined>();
  const known = new Map<string, Op>();
  for (const row of rows)
    for (const [i, op] of row.entries()) {
      before.set(keyOf(op), row[i - 1]);
      known.set(keyOf(op), op);
    }
  const needs = (o: Op): Op[] => {
    const keys =
      o.kind === 'F'
        ? [`F/${o.mb}/${o.stage - 1}`]
        : o.kind === 'B'
          ? [`B/${o.mb}/${o.stage + 1}`, `F/${o.mb}/${o.stage}`]
          : [`B/${o.mb}/${o.stage}`];
    return keys.flatMap(k => known.get(k) ?? []);
  };
  const memo = new Map<string, { ready: number; start: number; end: number }>();
  const when = (o: Op): { ready: number; start: number; end: number } => {
    const done = memo.get(keyOf(o));
    if (done) return done;
    const previous = before.get(keyOf(o));
    const times = needs(o).map(n => when(n).end + (n.rank === o.rank ? 0 : latency + copy));
    const ready = Math.max(0, previous ? when(previous).end : 0, ...times);
    const start = ready + (plan.late?.(o.kind, o.stage, o.mb) ?? 0);
    const result = { ready, start, end: start + plan.time(o.kind, o.stage, o.mb) + (plan.split?.(o.kind, o.stage, o.mb) ?? 0) };
    memo.set(keyOf(o), result);
    return result;
  };
  const ops = rows.flat().map(o => ({ ...o, ...when(o) }));
  const handoffs = ops.flatMap(to =>
    needs(to)
      .filter(from => from.rank !== to.rank)
      .map(from => ({ from, to, start: when(from).end + latency, end: when(from).end + latency + copy })),
  );
  const first = Math.min(...ops.map(o => o.start));
  return {
    ops,
    length: Math.max(...ops.map(o => o.end)) - first,
    compute: rows.map(row => row.reduce((n, o) => n + plan.time(o.kind, o.stage, o.mb), 0)),
    handoffs,
  };
}

interface Call {
  readonly start: number;
  readonly end: number;
  readonly thread: string;
  readonly pid: number;
  readonly id: number;
}
type Wait = Omit<Call, 'pid' | 'id'> & { readonly name: string; readonly os: boolean };

/** Launches, and what the threads did beside them. */
function hostOf(threads: readonly string[], launches: readonly Call[], waits: readonly Wait[]): PipelineSource['host'] {
  const names = ['cudaLaunchKernel', ...new Set(waits.map(w => w.name))];
  const at = new Map(launches.map((c, i) => [`${c.pid}:${c.id}`, i]));
  const all = [...launches.map(c => ({ ...c, name: 'cudaLaunchKernel', os: false })), ...waits];
  const column = (pick: (c: (typeof all)[number]) => number) => Float64Array.from(all, pick);
  const nameId = Int32Array.from(all, c => names.indexOf(c.name));
  const activity = Uint8Array.from(all, c => ACTIVITIES.indexOf(c.os ? osActivity(c.name) : cudaActivity(c.name)));
  const rowsOf = (t: number) => Int32Array.from(all.flatMap((c, i) => (c.thread === threads[t] ? [i] : [])));
  return {
    api: {
      n: launches.length,
      start: Float64Array.from(launches, c => c.start),
      end: Float64Array.from(launches, c => c.end),
      thread: Int32Array.from(launches, c => threads.indexOf(c.thread)),
      nameId: new Int32Array(launches.length),
      find: (pid, c) => at.get(`${pid}:${c}`) ?? -1,
    },
    threads: threads.map(t => {
      const [process = 0, tid = 0] = t.split(':').map(Number);
      return { process, pid: process / PID, tid };
    }),
    callsOf: t =>
      threadCalls(
        rowsOf(t),
        column(c => c.start),
        column(c => c.end),
        activity,
        nameId,
      ),
    nameOf: id => names[id] ?? '',
    hasOsCalls: waits.some(w => w.os),
  };
}

/** A copy between a GPU and pageable memory of the host. */
const halfOf = (x: Row, op: number, processes: readonly number[]): CopyRow => ({
  ...{ start: x.start, end: x.end, device: 'GPU 0', stream: x.stream, correlation: x.id, process: processes.indexOf(x.pid) },
  ...{ bytes: x.bytes, kind: x.copyKind, source: '', destination: '', op },
  sourceKind: x.copyKind === 2 ? 2 : 0,
  destinationKind: x.copyKind === 2 ? 0 : 2,
});

const PID = 2 ** 24;
const LEAD = 50_000_000;
const PAUSE = 5_000_000;
const SPIN = 50_000;

interface Row {
  start: number;
  end: number;
  kind: number;
  device: number;
  stream: number;
  pid: number;
  id: number;
  bytes: number;
  copyKind: number;
}

/** The pipeline as reports, as they would be read from traces: two kernels an operation, launched long before unless planned late. */
export function sourcesOf(plan: Plan): PipelineSource[] {
  const { p, copy = 0, staged = false } = plan;
  const truth = truthOf(plan);
  const separate = plan.reports !== undefined;
  const reports = separate ? p : 1;
  const rows: Row[][] = Array.from({ length: reports }, () => []);
  const calls: Call[][] = Array.from({ length: reports }, () => []);
  const marks: PipelineSource['ranges'][number][][] = Array.from({ length: reports }, () => []);
  const waits: Wait[][] = Array.from({ length: reports }, () => []);
  const ranges: PipelineSource['ranges'][number][][] = Array.from({ length: reports }, () => []);
  const copies: (Omit<PeerCopy, 'op' | 'lastOp' | 'process'> & { pid: number })[] = [];
  let id = 1;
  for (let iteration = 0; iteration < (plan.iterations ?? 1); iteration++) {
    const base = LEAD + iteration * (truth.length + LEAD + PAUSE);
    let k = 0;
    const launched = new Map<string, number>();
    for (const o of truth.ops) {
      const report = separate ? o.rank : 0;
      const off = (plan.reports?.clockOff ?? 0) * o.rank;
      const pid = PID * (separate || plan.processes ? 100 + o.rank : 100);
      const tid = 7 + o.rank;
      const start = base + o.start - off;
      const late = o.start > o.ready;
      const launch = late ? start : base - off - LEAD / 2 + k++ * 10;
      launched.set(keyOf(o), launch);
      const doing = late ? plan.doing?.(o) : undefined;
      if (doing !== undefined) waits[report]!.push({ ...doing, start: base + o.ready - off, end: start, thread: `${pid}:${tid}` });
      const split = plan.split?.(o.kind, o.stage, o.mb) ?? 0;
      const middle = start + Math.floor((o.end - o.start - split) / 3);
      const name = plan.name ? plan.name(o) : `${o.kind} mb=${o.mb} stage=${o.stage} rank=${o.rank}`;
      if (name !== undefined)
        ranges[report]!.push({ start: launch - 1, end: (split > 0 ? middle + split : launch) + 8, pid: pid / PID, tid, name });
      if (plan.phase !== undefined)
        marks[report]!.push({ start: launch - 2, end: launch - 2, pid: pid / PID, tid, name: `rank=${o.rank} ${plan.phase(o)} begin` });
      for (const [from, to] of [
        [start, middle],
        [middle + split, start + o.end - o.start],
      ] as const) {
        const begun = split > 0 && from > start ? from : launch;
        rows[report]!.push({
          start: from,
          end: to,
          kind: OP.kernel,
          device: separate ? 0 : o.rank,
          stream: 10 + o.rank,
          pid,
          id,
          bytes: 0,
          copyKind: -1,
        });
        calls[report]!.push({ start: begun, end: begun + 2, thread: `${pid}:${tid}`, pid, id });
        id++;
      }
    }
    if (copy > 0 && separate && staged)
      for (const h of truth.handoffs) {
        const half = base + h.start + Math.floor(copy / 2);
        for (const [rank, from, to, copyKind] of [
          [h.from.rank, base + h.start, half, 2],
          [h.to.rank, half, base + h.end, 1],
        ] as const) {
          const off = plan.reports!.clockOff * rank;
          const pid = PID * (100 + rank);
          const launch = base - off - LEAD / 2 + k++ * 10;
          const row = { start: from - off, end: to - off, device: 0, stream: 100 + rank, pid, id, bytes: 65_536 + copy, copyKind };
          rows[rank]!.push({ ...row, kind: OP.copy });
          calls[rank]!.push({ start: launch, end: launch + 2, thread: `${pid}:99`, pid, id: id++ });
        }
      }
    // NCCL as it is: a kernel that sends and one that receives, launched after calls that NCCL names itself.
    if (copy > 0 && separate && !staged && plan.reports!.nccl)
      for (const h of truth.handoffs)
        for (const [me, peer, sends] of [
          [h.from, h.to, true],
          [h.to, h.from, false],
        ] as const) {
          const off = plan.reports!.clockOff * me.rank;
          const pid = PID * (100 + me.rank);
          const tid = 7 + me.rank;
          const t = launched.get(keyOf(me))! + (sends ? 4 : -4);
          // A send may be over before its receive begins: what it sends waits in a buffer.
          const end = base + h.end - off - (sends ? Math.floor(copy / 2) : 0);
          const start = sends ? base + h.start - off : base + h.start - SPIN - off;
          const stream = 200 + 10 * peer.rank + Number(sends);
          rows[me.rank]!.push({ kind: OP.communication, start, end, device: 0, stream, pid, id, bytes: 0, copyKind: -1 });
          calls[me.rank]!.push({ start: t, end: t + 1, thread: `${pid}:${tid}`, pid, id: id++ });
          ranges[me.rank]!.push({ start: t - 1, end: t - 0.5, pid: pid / PID, tid, name: sends ? 'ncclSend' : 'ncclRecv' });
        }
    // Between two processes a kernel of NCCL carries the data: it spins for a while first.
    if (copy > 0 && separate && !staged && !plan.reports!.nccl)
      for (const h of truth.handoffs) {
        const off = plan.reports!.clockOff * h.to.rank;
        const [start, end] = [base + h.start - SPIN - off, base + h.end - off];
        rows[h.to.rank]!.push({
          kind: OP.communication,
          start,
          end,
          device: 0,
          stream: 200,
          pid: PID * (100 + h.to.rank),
          id: id++,
          bytes: 0,
          copyKind: -1,
        });
      }
    if (copy > 0 && !separate)
      for (const h of truth.handoffs) {
        const pid = PID * (plan.processes ? 100 + h.from.rank : 100);
        const [start, end] = [base + h.start, base + h.end];
        const half = start + Math.floor(copy / 2);
        const launch = plan.copiesInTurn ? launched.get(keyOf(h.from))! + 4 : base - LEAD / 2 + k++ * 10;
        calls[0]!.push({ start: launch, end: launch + 2, thread: `${pid}:${plan.copiesInTurn ? 7 + h.from.rank : 99}`, pid, id });
        const row = { kind: OP.copy, stream: 100 + h.from.rank, pid, id, bytes: copy * 100 };
        if (staged) {
          rows[0]!.push({ ...row, start, end: half, device: h.from.rank, copyKind: 2 });
          rows[0]!.push({ ...row, start: half, end, device: h.to.rank, copyKind: 1 });
        } else rows[0]!.push({ ...row, start, end, device: h.from.rank, copyKind: 10 });
        copies.push({
          form: staged ? 'driver-staged' : 'direct',
          source: `GPU ${h.from.rank}`,
          destination: `GPU ${h.to.rank}`,
          sourceDevice: h.from.rank,
          destinationDevice: h.to.rank,
          bytes: copy * 100,
          start,
          end,
          firstHopEnd: staged ? half : end,
          lastHopStart: staged ? half : start,
          pid,
          correlation: id,
          stream: 100 + h.from.rank,
          hiddenSource: undefined,
          hiddenDestination: undefined,
        });
        id++;
      }
  }
  return rows.map((list, r) => {
    const sorted = list.toSorted((a, b) => a.start - b.start);
    const processes = [...new Set(sorted.map(x => x.pid))];
    const threads = [...new Set(calls[r]!.map(c => c.thread))];
    const column = (pick: (x: Row) => number) => Float64Array.from(sorted, pick);
    const ids = (pick: (x: Row) => number) => Int32Array.from(sorted, pick);
    const n = sorted.length;
    const opsOf = (id: number) => ({ op: sorted.findIndex(x => x.id === id), lastOp: sorted.findLastIndex(x => x.id === id) });
    return {
      label: `report ${r}`,
      clock: {
        session: undefined,
        offset: ((plan.reports?.clockOff ?? 0) + (plan.reports?.wrong ?? 0)) * r,
        residual: Math.abs(plan.reports?.wrong ?? 0) * r,
      },
      halves: sorted.filter(x => separate && x.copyKind > 0).map(x => halfOf(x, opsOf(x.id).op, processes)),
      ops: {
        n,
        start: column(x => x.start),
        end: column(x => x.end),
        kind: Uint8Array.from(sorted, x => x.kind),
        device: ids(x => x.device),
        stream: ids(x => x.stream),
        process: ids(x => processes.indexOf(x.pid)),
        correlation: ids(x => x.id),
        work: new Int32Array(n),
        nameId: new Int32Array(n).fill(-1),
        fullNameId: new Int32Array(n).fill(-1),
        bytes: column(x => x.bytes),
        copyKind: Int8Array.from(sorted, x => x.copyKind),
        pageable: new Uint8Array(n),
        inGraph: new Uint8Array(n),
        migrations: NO_MIGRATIONS,
        devices: separate ? ['GPU 0'] : Array.from({ length: p }, (_, d) => `GPU ${d}`),
        processes,
        names: new Map(),
      },
      host: hostOf(threads, calls[r]!, waits[r]!),
      marks: marks[r]!,
      ranges: ranges[r]!.toSorted((a, b) => a.start - b.start || b.end - a.end),
      copies: separate
        ? []
        : copies
            .map(({ pid, ...c }) => ({ ...c, process: processes.indexOf(pid), ...opsOf(c.correlation) }))
            .sort((a, b) => a.start - b.start),
    };
  });
}
