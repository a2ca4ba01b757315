import { intAt } from '#core/columns';
import type { GpuOps } from './gpu-ops.ts';
import type { HostCalls } from './host-calls.ts';

/** Launches of CUDA graphs, and how many of them left no operation in the trace. */
export interface GraphLaunches {
  readonly n: number;
  readonly unrecorded: number;
}

const GRAPH_LAUNCH = /^cu(da)?GraphLaunch/;

/** Looks for the work of each graph launch: exports of some versions hold none of it, and the GPU then looks idle. */
export function graphLaunches(ops: GpuOps, host: HostCalls): GraphLaunches {
  const names = new Map<number, boolean>();
  const isGraph = (id: number) => {
    const known = names.get(id) ?? GRAPH_LAUNCH.test(host.nameOf(id));
    names.set(id, known);
    return known;
  };
  const { api } = host;
  const calls: number[] = [];
  for (let i = 0; i < api.n; i++) if (isGraph(intAt(api.nameId, i))) calls.push(i);
  if (calls.length === 0) return { n: 0, unrecorded: 0 };
  const found = new Set<number>();
  for (let i = 0; i < ops.n; i++) {
    const call = api.find(ops.processes[ops.process[i] ?? -1] ?? -1, intAt(ops.correlation, i));
    if (call >= 0) found.add(call);
  }
  return { n: calls.length, unrecorded: calls.filter(c => !found.has(c)).length };
}
