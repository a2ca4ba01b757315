import type { Capability } from '#schema/report';
import type { PreludeName } from '#trace/queries/index.gen';
import type { TraceSource } from '#trace/source';

/** What a reader wants to know, what it takes, and what to record to get it. */
const WANTS: readonly { readonly what: string; readonly needs: readonly PreludeName[]; readonly remedy: string }[] = [
  { what: 'what the GPU ran, and when it was idle', needs: ['kernel'], remedy: 'trace CUDA (-t cuda)' },
  { what: 'why the GPU was idle (who launched late)', needs: ['kernel', 'api_call'], remedy: 'trace CUDA (-t cuda)' },
  { what: 'whether a thread computed or waited', needs: ['os_call'], remedy: 'trace the operating-system runtime (-t osrt)' },
  { what: 'copies, their size and kind of memory', needs: ['memcpy'], remedy: 'trace CUDA (-t cuda); or nothing was copied' },
  { what: 'which stream waited for which event', needs: ['sync'], remedy: 'trace CUDA (-t cuda)' },
  { what: 'names of phases in the program', needs: ['nvtx_range'], remedy: 'trace NVTX (-t nvtx) and annotate the program' },
  { what: 'when a thread was on a CPU', needs: ['thread_switch'], remedy: 'record context switches (--cpuctxsw=process-tree)' },
  {
    what: 'hardware counters (SM activity, NVLink, DRAM)',
    needs: ['gpu_metric'],
    remedy: 'sample GPU metrics (--gpu-metrics-devices=all)',
  },
  { what: 'wall-clock time of the trace', needs: ['session'], remedy: 'export with a newer nsys' },
  { what: 'the GPU by name and size', needs: ['gpu'], remedy: 'export all tables (nsys export --lazy=false)' },
  { what: "the profiler's own overhead", needs: ['profiler_overhead'], remedy: 'none: it is recorded when there is any' },
];

/** What to do where PyTorch's profiler wrote the trace; what it lacks says already how it would be there, if it can be. */
const WITH_NSYS = 'record with nsys (forensics capture)';

/** What is asked about the trace itself: nothing to miss where there is none. */
const ABOUT_THE_TRACE: ReadonlySet<PreludeName> = new Set(['session', 'gpu', 'profiler_overhead']);

/** What can be told from this trace, what cannot, and why. @param isTraced there is one */
export function capabilitiesOf(store: TraceSource, isTraced: boolean): Capability[] {
  const hasGraphs = store.missing('graph_launch') === undefined;
  const isGraphsAlone = hasGraphs && store.missing('kernel') !== undefined;
  const isOfNsys = store.recorder.format === 'nsys-sqlite';
  const list = WANTS.filter(w => isTraced || !w.needs.some(n => ABOUT_THE_TRACE.has(n))).map(({ what, needs, remedy }) => {
    const missing = needs.flatMap(n => (n === 'kernel' && hasGraphs ? [] : (store.missing(n) ?? [])));
    return {
      what,
      available: missing.length === 0,
      why:
        missing.length === 0
          ? `recorded: ${needs.map(n => (n === 'kernel' && isGraphsAlone ? 'graphs, a row each' : n)).join(', ')}`
          : `${missing.join('; ')}. To get it: ${isOfNsys ? remedy : WITH_NSYS}.`,
    };
  });
  if (hasGraphs)
    list.push({
      what: 'kernels inside CUDA graphs',
      available: false,
      why: 'graphs were recorded as one row each. To see the kernels: --cuda-graph-trace=node.',
    });
  return list;
}
