import { byteAt, intAt, realAt, valueAt } from '#core/columns';
import { lazily } from '#core/lazily';
import { upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import { ACTIVITIES } from '#trace/events/host-categories';
import type { Lane } from './lane.ts';

/** Shorter gaps show no compiler at work: that takes tens of milliseconds. */
const LEAST_GAP_NS = 10_000_000;
/** What ends the gap may be the input of the kernel whose code is loaded: a host that has its code launches again in well under that. */
const RESTART_NS = 1_000_000;
/** Code is loaded because it is needed: its kernel runs as soon as the rest of its program is loaded. */
const NEEDED_NS = 10_000_000;

/** A compiled program comes in many modules, whose kernels may have the names of others: so much time on loading is no look into a cache. */
const PROGRAM_NS = 1_000_000;

const CODE = ACTIVITIES.indexOf('code');
/** Calls that bring code; the others of their kind look it up or let go of it. */
const LOADS = /Load(?!ing)|^cuLink|^nvrtc|^nvJitLink/;
const IS_NO_LOAD = /Unload/;

/**
 * Tells whether code was made or loaded in a gap of a lane, or ends it: a thread of the lane's process loaded some, whichever thread that was, and a
 * kernel ran that the process had never run there, or it was a whole program. Compilers work on threads of their own, and the one that launches only
 * waits for them.
 */
export function codeLoads(ops: GpuOps, host: HostCalls, lane: Lane): (from: Ns, to: Ns) => boolean {
  const loads = lazily(() => loadsOf(host, valueAt(ops.processes, lane.process)));
  const first = lazily(() => firstRuns(ops, lane));
  return (from, to) => {
    if (to - from < LEAST_GAP_NS) return false;
    const { start, time } = loads();
    const [a, b] = [upperBound(start, from), upperBound(start, to + RESTART_NS)];
    if (a === b) return false;
    if (realAt(time, b) - realAt(time, a) >= PROGRAM_NS) return true;
    const run = first()[upperBound(first(), realAt(start, a))];
    return run !== undefined && run <= to + NEEDED_NS;
  };
}

/** When threads of a process began to load code, ascending, and how long the loads before each took together, ns. */
function loadsOf(host: HostCalls, process: number): { readonly start: Float64Array; readonly time: Float64Array } {
  const out: (readonly [Ns, Ns])[] = [];
  for (const [thread, { process: own }] of host.threads.entries()) {
    if (own !== process) continue;
    const calls = host.callsOf(thread);
    for (let i = 0; i < calls.n; i++) {
      if (byteAt(calls.activity, i) !== CODE) continue;
      const name = host.nameOf(intAt(calls.nameId, i));
      if (LOADS.test(name) && !IS_NO_LOAD.test(name)) out.push([realAt(calls.start, i), realAt(calls.end, i)]);
    }
  }
  out.sort((a, b) => a[0] - b[0]);
  const time = new Float64Array(out.length + 1);
  for (const [k, [start, end]] of out.entries()) time[k + 1] = realAt(time, k) + end - start;
  return { start: Float64Array.from(out, l => l[0]), time };
}

/** When kernels began that had not run before in the lane's process on its GPU, ascending, ns. */
function firstRuns(ops: GpuOps, lane: Lane): Float64Array {
  const out: number[] = [];
  for (let i = 0; i < ops.n; i++)
    if (ops.kind[i] === OP.kernel && ops.process[i] === lane.process && ops.device[i] === lane.device && !lane.seenBefore(i))
      out.push(realAt(ops.start, i));
  return Float64Array.from(out).sort();
}
