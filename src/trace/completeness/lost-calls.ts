import { intAt, realAt, valueAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';

/** Operations of processes that were seen to call, and how many of them nobody launched. */
export interface LostCalls {
  readonly n: number;
  readonly unlaunched: number;
}

/** Of 3.2 million operations of 48 captures one had no call that launched it; traces that were cut in time have whole queues of them. */
const IN_ANY_TRACE: Share = 0.01;
const A_FEW = 2;

/** When each process called first: what it launched before has no call in the trace. */
function firstCalls({ api, threads }: HostCalls): ReadonlyMap<number, Ns> {
  const first = new Map<number, Ns>();
  for (let i = 0; i < api.n; i++) {
    const process = threads[intAt(api.thread, i)]?.process ?? -1;
    const start = realAt(api.start, i);
    if (start < (first.get(process) ?? Number.POSITIVE_INFINITY)) first.set(process, start);
  }
  return first;
}

/**
 * Looks for the call of each operation. Where calls were lost, one that a thread sat in may be among them, and the thread looks as if it had
 * computed.
 */
export function lostCalls({ n, processes, process, correlation, start }: GpuOps, host: HostCalls): LostCalls | undefined {
  const first = firstCalls(host);
  let [counted, unlaunched, wasFound] = [0, 0, true];
  for (let i = 0; i < n; i++) {
    const number = valueAt(processes, intAt(process, i));
    if (realAt(start, i) < (first.get(number) ?? Number.POSITIVE_INFINITY)) continue;
    counted++;
    // Nodes of a graph come in runs of one launch.
    const isSame = i > 0 && correlation[i] === correlation[i - 1] && process[i] === process[i - 1];
    if (!isSame || counted === 1) wasFound = host.api.find(number, intAt(correlation, i)) >= 0;
    if (!wasFound) unlaunched++;
  }
  return unlaunched > Math.max(A_FEW, IN_ANY_TRACE * counted) ? { n: counted, unlaunched } : undefined;
}
