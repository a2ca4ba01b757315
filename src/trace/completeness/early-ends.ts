import { intAt, realAt, valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';

/** A process whose records of CUDA end while those of others go on. Times since the session began. */
export interface EarlyEnd {
  /** As the trace numbers it (global_pid). */
  readonly process: number;
  /** Its last record. */
  readonly end: Ns;
  /** The last record of the others. */
  readonly othersEnd: Ns;
  /** The longest that it was silent before. */
  readonly longestSilence: Ns;
}

/** Of so many pauses that are all alike the last is the longest by chance once in a hundred. */
const FEWEST_RECORDS = 100;
/** The profiler stops and flushes one process after another: up to 0.15 s apart in our captures. */
const STOPPED_APART_NS: Ns = 1e9;

/** What was recorded of CUDA, and what to add to its times to lay traces of one run beside one another. */
export interface Recorded {
  readonly ops: GpuOps;
  readonly host: HostCalls;
  readonly offset: Ns;
}

/** The last record of each process that has work on a GPU, in the order of ops.processes; and whose each thread is among these. */
function lastRecords({ ops, host: { api, threads } }: Recorded) {
  const last = new Float64Array(ops.processes.length).fill(Number.NEGATIVE_INFINITY);
  const numbers = new Map(ops.processes.map((process, p) => [process, p]));
  const callers = Int32Array.from(threads, t => numbers.get(t.process) ?? -1);
  const seen = (p: number, t: Ns) => {
    if (p >= 0 && t > realAt(last, p)) last[p] = t;
  };
  for (let i = 0; i < ops.n; i++) seen(intAt(ops.process, i), realAt(ops.end, i));
  for (let i = 0; i < api.n; i++) seen(intAt(callers, intAt(api.thread, i)), realAt(api.end, i));
  return { last, callers };
}

/**
 * Finds the processes of which the traces of a run hold work of a GPU, and nothing of CUDA for longer than they were ever silent before, while
 * others with such work have records: they ended, had nothing left to do, or their records were lost.
 * @returns for each trace, on its own clock
 */
export function earlyEnds(traces: readonly Recorded[]): readonly (readonly EarlyEnd[])[] {
  const records = traces.map(lastRecords);
  const everyLast = traces.flatMap(({ offset }, k) => [...(records[k]?.last ?? [])].map((t, p) => ({ k, p, at: t + offset })));
  return traces.map(({ ops, host, offset }, k) =>
    ops.processes.flatMap((process, p) => {
      const others = everyLast.reduce((late, o) => (o.k === k && o.p === p ? late : Math.max(late, o.at)), Number.NEGATIVE_INFINITY);
      const [end, othersEnd] = [realAt(records[k]?.last, p), others - offset];
      if (!(othersEnd - end > STOPPED_APART_NS)) return [];
      const starts = startsOf(ops, host, records[k]?.callers ?? new Int32Array(0), p);
      const longestSilence = longestStep(starts);
      return starts.length >= FEWEST_RECORDS && othersEnd - end > longestSilence ? [{ process, end, othersEnd, longestSilence }] : [];
    }),
  );
}

/** When the records of a process begin, ascending. */
function startsOf(ops: GpuOps, { api }: HostCalls, callers: Int32Array, p: number): Float64Array {
  const starts = new Float64Array(ops.n + api.n);
  let n = 0;
  for (let i = 0; i < ops.n; i++) if (ops.process[i] === p) starts[n++] = realAt(ops.start, i);
  for (let i = 0; i < api.n; i++) if (callers[valueAt(api.thread, i)] === p) starts[n++] = realAt(api.start, i);
  return starts.subarray(0, n).sort();
}

function longestStep(ascending: Float64Array): Ns {
  let longest = 0;
  for (let i = 1; i < ascending.length; i++) longest = Math.max(longest, realAt(ascending, i) - realAt(ascending, i - 1));
  return longest;
}
