import { getOrCompute } from '#core/get-or-compute';
import type { HostRange, PipelineSource } from '#multi-gpu/pipeline/source';
import { OP } from '#trace/events/gpu-ops';
import { NO_MIGRATIONS } from '#trace/events/migrations';
import { threadCalls } from '#trace/events/thread-activity';
import { LENGTH, type Ran, ranOf } from './operations.ts';
import type { UnnamedPlan } from './plan.ts';
import { type Random, randomOf } from './random.ts';

/** One GPU operation and its launch. */
interface Row {
  readonly rank: number;
  readonly start: number;
  readonly end: number;
  readonly kind: number;
  readonly name: string;
  readonly stream: number;
  readonly thread: 'main' | 'autograd';
  /** Place in the order in which its rank launches. */
  readonly order: number;
}

const PID = 2 ** 24;
const KERNELS = 4;
const US = 1e3;
const MAIN = 1;
const AUTOGRAD = 2;

/** The kernels of an operation: some of its kind alone, with lengths of their own. */
function kernelsOf(plan: UnnamedPlan, o: Ran): string[] {
  const stages = plan.textbook.name === 'dualpipe' ? plan.shape.p : plan.shape.p * plan.shape.v;
  const own = (kind: string) => Array.from({ length: KERNELS }, (_, i) => `${kind}${i}`);
  const atEnd = (name: string, stage: number) => (plan.ends && o.stage === stage ? [name] : []);
  if (o.kind === 'F') return [...atEnd('embedding', 0), ...own('F'), ...atEnd('loss', stages - 1)];
  const isSummed = plan.sumsAlways || !o.first;
  if (o.kind === 'W') return plan.fragments && isSummed ? own('W').flatMap(name => [name, 'sum']) : own('W');
  return [...(plan.recompute ? own('F') : []), ...own('B'), ...(o.whole ? own('W') : []), ...(isSummed ? ['sum of gradients'] : [])];
}

/** How long a kernel is beside the others of its operation. */
const weightOf = (name: string) => (/^[FBW]\d/.test(name) ? 1 + Number(name[1]) / 2 : 0.1);

function rowsOf(plan: UnnamedPlan, ran: readonly Ran[], from: number, order: { next: number }): Row[] {
  const out: Row[] = [];
  const add = (row: Omit<Row, 'order' | 'rank'>, rank: number) => out.push({ ...row, rank, order: order.next++ });
  const message = (rank: number, start: number, end: number) =>
    add(
      { start, end: Math.max(end, start + US), kind: OP.communication, name: 'ncclDevKernel_SendRecv', stream: 17, thread: 'main' },
      rank,
    );
  for (const [i, o] of ran.entries()) {
    const before = ran[i - 1];
    const ready = from + (before?.end ?? o.start - 10 * US);
    const due = (before?.sends ?? 0) + o.receives;
    if (plan.messages === 'grouped' && due > 0) message(o.rank, ready, from + o.start - US);
    if (plan.messages === 'single')
      for (let k = 0; k < due; k++) message(o.rank, ready + k * US, k < (before?.sends ?? 0) ? ready + 60 * US : from + o.start - US);
    const names = kernelsOf(plan, o);
    const total = names.reduce((n, name) => n + weightOf(name), 0);
    let t = from + o.start;
    for (const name of names) {
      const length = ((o.end - o.start) * weightOf(name)) / total;
      const thread = plan.autograd && o.kind !== 'F' && name !== 'sum' ? 'autograd' : 'main';
      add({ start: t, end: t + length - US, kind: OP.kernel, name, stream: 7, thread }, o.rank);
      t += length;
    }
  }
  const last = ran.at(-1);
  if (last !== undefined && last.sends > 0) message(last.rank, from + last.end, from + last.end + 60 * US);
  return out;
}

/** What each rank launches in an iteration, in order and without times: all that a trace can tell of its schedule. */
export const launchedBy = (plan: UnnamedPlan): string[][] =>
  ranOf(plan, 0).map(ran => rowsOf(plan, ran, 0, { next: 0 }).map(r => `${r.thread} ${r.name}`));

/** Drops what the recorder lost. */
function withoutLost(plan: UnnamedPlan, rows: readonly Row[], random: Random): Row[] {
  if (plan.lost === 'some') return rows.filter(() => !random.chance(0.002));
  if (plan.lost === 'none') return [...rows];
  const rank = random.between(0, plan.shape.p - 1);
  const own = rows.filter(r => r.rank === rank);
  const first = Math.floor(random.next() * own.length * 0.9);
  const gone = new Set(own.slice(first, first + Math.ceil(own.length * 0.01)));
  return rows.filter(r => !gone.has(r));
}

/** A plan as a report of one process a GPU, without any name that tells an operation's place. */
export function unnamedSource(plan: UnnamedPlan): PipelineSource {
  const random = randomOf(plan.seed * 17 + 5);
  const { p } = plan.shape;
  const stepped = plan.optimizer * LENGTH.F;
  const made: Row[] = [];
  const ranges: HostRange[] = [];
  const orders = Array.from({ length: p }, () => ({ next: 0 }));
  let from = 1e9;
  const { followedBy } = plan;
  const last = plan.iterations + (followedBy?.iterations ?? 0) - 1;
  for (let k = 0; k <= last; k++) {
    const own = followedBy !== undefined && k >= plan.iterations ? { ...plan, ...followedBy } : plan;
    const ranks = ranOf(own, k);
    const end = from + Math.max(...ranks.flat().map(o => o.end));
    const marks: [number, number][] = [];
    for (const [rank, ran] of ranks.entries()) {
      const order = orders[rank] as { next: number };
      const begun = order.next;
      made.push(...rowsOf(own, ran, from, order));
      const step = {
        start: end + 5 * US,
        end: end + 5 * US + stepped,
        kind: OP.kernel,
        name: 'optimizer',
        stream: 7,
        thread: 'main',
      } as const;
      if (stepped > 0) made.push({ ...step, rank, order: order.next++ });
      marks.push([begun, order.next - 1]);
      const barrier = {
        start: end + stepped + 25 * US,
        end: end + stepped + 105 * US,
        kind: OP.communication,
        name: 'ncclDevKernel_AllReduce',
        stream: 7,
        thread: 'main',
      } as const;
      // Nothing waits for all ranks between the last iteration and what follows it.
      if (plan.parted === 'barrier' && (k < plan.iterations - 1 || k === last)) made.push({ ...barrier, rank, order: order.next++ });
    }
    if (plan.parted === 'range')
      for (const [rank, [a, b]] of marks.entries())
        ranges.push({ start: a * US - 1, end: b * US + 1, pid: 100 + rank, tid: MAIN, name: `step ${k}` });
    from = end + stepped + 205 * US;
  }
  const rows = withoutLost(plan, made, random).sort((a, b) => a.start - b.start || a.rank - b.rank || a.order - b.order);
  const names = new Map<string, number>();
  const numberOf = (name: string) => getOrCompute(names, name, () => names.size);
  const ints = (of: (r: Row, i: number) => number) => Int32Array.from(rows, of);
  const n = rows.length;
  const nameId = ints(r => numberOf(r.name));
  const launches = Float64Array.from(rows, r => r.order * US);
  const positions = new Map(rows.map((r, i) => [`${PID * (100 + r.rank)}:${i}`, i]));
  return {
    label: 'made up',
    clock: { session: undefined, offset: 0, residual: 0 },
    ops: {
      n,
      start: Float64Array.from(rows, r => r.start),
      end: Float64Array.from(rows, r => r.end),
      kind: Uint8Array.from(rows, r => r.kind),
      device: ints(r => r.rank),
      stream: ints(r => r.stream),
      process: ints(r => r.rank),
      correlation: ints((_, i) => i),
      work: nameId,
      nameId,
      fullNameId: nameId,
      bytes: new Float64Array(n),
      copyKind: new Int8Array(n).fill(-1),
      pageable: new Uint8Array(n),
      inGraph: new Uint8Array(n),
      migrations: NO_MIGRATIONS,
      devices: Array.from({ length: p }, (_, d) => `GPU ${d}`),
      processes: Array.from({ length: p }, (_, d) => PID * (100 + d)),
      names: new Map([...names].map(([name, id]) => [id, name])),
    },
    host: {
      api: {
        n,
        start: launches,
        end: launches.map(t => t + 0.5 * US),
        thread: ints(r => 2 * r.rank + (r.thread === 'main' ? 0 : 1)),
        nameId: new Int32Array(n),
        find: (pid, correlation) => positions.get(`${pid}:${correlation}`) ?? -1,
      },
      threads: Array.from({ length: 2 * p }, (_, t) => {
        const pid = 100 + Math.floor(t / 2);
        return { process: PID * pid, pid, tid: t % 2 === 0 ? MAIN : AUTOGRAD };
      }),
      callsOf: () => threadCalls(new Int32Array(0), new Float64Array(0), new Float64Array(0), new Uint8Array(0), new Int32Array(0)),
      nameOf: () => 'cudaLaunchKernel',
      hasOsCalls: false,
    },
    ranges: ranges.sort((a, b) => a.start - b.start),
    copies: [],
  };
}
