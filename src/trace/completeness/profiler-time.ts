import { intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { measure, spansOf } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { TraceSource } from '#trace/source';

/** Time in which the profiler itself held threads of a process. Times since the session began. */
export interface ProfilerTime {
  /** As the trace numbers it (global_pid). */
  readonly process: number;
  readonly from: Ns;
  readonly to: Ns;
  /** Any of its threads was held; several at once count once. */
  readonly ns: Ns;
  /** What the profiler did for most of it. */
  readonly mostly: string;
}

/** Less of the window than this moves no percentile; where it meets one stretch, that stretch is put down to the profiler. */
const WORTH_TELLING: Share = 0.01;

/** Finds the processes that the profiler's start-up, flushes and buffers held for a good part of the window [from, to). */
export function profilerTime(source: Pick<TraceSource, 'scan' | 'names'>, [from, to]: readonly [Ns, Ns]): readonly ProfilerTime[] {
  const rows = source.scan('profiler_overhead', ['start_ns', 'end_ns', 'global_pid', 'name_id']);
  const held = new Map<number, { readonly spans: (readonly [Ns, Ns])[]; readonly byName: Map<number, Ns> }>();
  for (let i = 0; i < rows.n; i++) {
    const [start, end] = [Math.max(from, realAt(rows.start_ns, i)), Math.min(to, realAt(rows.end_ns, i))];
    if (!(end > start)) continue;
    const { spans, byName } = getOrCompute(held, realAt(rows.global_pid, i), () => ({ spans: [], byName: new Map<number, Ns>() }));
    spans.push([start, end]);
    const name = intAt(rows.name_id, i);
    byName.set(name, (byName.get(name) ?? 0) + end - start);
  }
  const names = source.names([...held.values()].flatMap(h => [...h.byName.keys()]));
  return [...held].flatMap(([process, { spans, byName }]) => {
    const united = spansOf(spans);
    const ns = measure(united);
    if (!(ns >= WORTH_TELLING * (to - from))) return [];
    const [most] = [...byName].toSorted((a, b) => b[1] - a[1]);
    return [
      {
        ...{ process, ns, mostly: names.get(most?.[0] ?? -1) ?? '' },
        ...{ from: realAt(united.start, 0), to: realAt(united.end, united.n - 1) },
      },
    ];
  });
}
