import type { Scratch } from '#app/inputs/scratch';
import type { RunKernel } from '#schema/run';
import { TraceStore } from '#trace/nsys/trace-store';

/** Kernels of one trace with shapes of their own, at most: what took less time than so many others is no news. */
const MOST_KERNELS = 1000;
const [NS_PER_US, NS_PER_MS] = [1e3, 1e6];

/** Rows of one name and shape as one: those of several ranks, or of kernels that differ in template arguments. */
function joined(rows: readonly RunKernel[]): RunKernel[] {
  const all = new Map<string, RunKernel>();
  for (const row of rows) {
    const key = JSON.stringify([row.name, row.grid, row.block]);
    const one = all.get(key);
    const runs = row.runs + (one?.runs ?? 0);
    all.set(
      key,
      one === undefined
        ? row
        : { ...row, runs, median_us: (one.median_us * one.runs + row.median_us * row.runs) / runs, total_ms: one.total_ms + row.total_ms },
    );
  }
  return [...all.values()];
}

/** Kernels of the traces of a run by name and launch shape; null where none holds any. @throws ForensicsError as `TraceStore.open` */
export async function kernelsOf(traces: readonly string[], scratch: Scratch): Promise<RunKernel[] | null> {
  const rows: RunKernel[] = [];
  for (const trace of traces) {
    const store = await TraceStore.open(await scratch.trace(trace));
    try {
      const answer = store.ask('kernel_sum', { top: MOST_KERNELS });
      if (!answer.ok) continue;
      for (const { name, grid_x, grid_yz, block, runs, median_ns, total_ns } of answer.rows)
        rows.push({
          ...{ name: name ?? '', grid: `${grid_x}×${grid_yz}`, block, runs },
          ...{ median_us: median_ns / NS_PER_US, total_ms: total_ns / NS_PER_MS },
        });
    } finally {
      store.close();
    }
  }
  return rows.length === 0 ? null : joined(rows);
}
