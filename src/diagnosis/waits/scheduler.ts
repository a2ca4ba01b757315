import { intAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { coverage, type Spans, union } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { HostThread } from '#trace/events/host-calls';
import type { TraceSource } from '#trace/source';

/** When threads were on a CPU, where the scheduler's events were recorded. */
export interface Scheduler {
  /** Stretches on a CPU, and where they are known from and to; undefined where the thread has no events. */
  readonly onCpu: (thread: HostThread) => OnCpu | undefined;
}

export interface OnCpu {
  readonly spans: Spans;
  /** Time on a CPU in [from, to). */
  readonly within: (from: Ns, to: Ns) => Ns;
}

/** Reads the scheduler's events; undefined where there are none. */
export function readScheduler(source: TraceSource): Scheduler | undefined {
  if (source.missing('thread_switch') !== undefined) return undefined;
  const rows = source.scan('thread_switch', ['t_ns', 'is_in', 'global_pid', 'thread_id']);
  const byThread = new Map<string, { t: number[]; isIn: number[] }>();
  for (let i = 0; i < rows.n; i++) {
    const of = getOrCompute(byThread, `${realAt(rows.global_pid, i)} ${intAt(rows.thread_id, i)}`, () => ({ t: [], isIn: [] }));
    of.t.push(realAt(rows.t_ns, i));
    of.isIn.push(intAt(rows.is_in, i));
  }
  const made = new Map<string, OnCpu>();
  return {
    onCpu: ({ process, tid }) => {
      const key = `${process} ${tid}`;
      const events = byThread.get(key);
      return events === undefined ? undefined : getOrCompute(made, key, () => onCpuOf(events.t, events.isIn));
    },
  };
}

/** A day: beyond the times of any trace, and small enough that sums of it keep their nanoseconds. */
const BEYOND_NS: Ns = 86_400e9;

/** Stretches between going on and coming off. Before the first event and after the last the thread stays as these found it. */
export function onCpuOf(t: readonly Ns[], isIn: readonly number[]): OnCpu {
  const order = [...t.keys()].sort((a, b) => valueAt(t, a) - valueAt(t, b) || a - b);
  const start: number[] = [];
  const end: number[] = [];
  const first = order[0];
  let since = first !== undefined && isIn[first] === 0 ? -BEYOND_NS : Number.NaN;
  for (const i of order) {
    const at = valueAt(t, i);
    if (isIn[i] === 1) since = Number.isNaN(since) ? at : since;
    else if (!Number.isNaN(since)) {
      start.push(since);
      end.push(at);
      since = Number.NaN;
    }
  }
  if (!Number.isNaN(since)) {
    start.push(since);
    end.push(BEYOND_NS);
  }
  const spans = union(start, end);
  return { spans, within: coverage(spans) };
}
