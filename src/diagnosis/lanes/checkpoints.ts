import { byteAt, intAt, realAt } from '#core/columns';
import { medianOf } from '#core/math/median';
import { upperBound } from '#core/math/spans';
import type { Bytes, Ns, Share } from '#core/units';
import { COPY_KIND } from '#trace/events/copy-kinds';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import type { Lane } from './lane.ts';
import { isTraining } from './training-kernels.ts';

/** State of a training that was copied to the host and written to a file. Times in ns since the session began. */
export interface Checkpoint {
  /** When the lane had done its work before it, and when it began to compute again. */
  readonly start: Ns;
  readonly end: Ns;
  /** What was copied to the host, and in how many copies. */
  readonly bytes: Bytes;
  readonly copies: number;
}

/** Copies to the host with hardly a kernel between them. */
interface Run {
  start: Ns;
  end: Ns;
  bytes: Bytes;
  copies: number;
  copying: Ns;
}

/** A tensor may be cast, made contiguous or gathered from other ranks before it is copied: so many kernels between two copies part no run. */
const KERNELS_BETWEEN = 4;
/** State is more than one tensor. */
const FEWEST_COPIES = 2;
/** A checkpoint carries this many times what a step usually returns (a loss, some metrics). */
const TIMES_USUAL = 100;
/** Runs of copies of which the median is what a step returns. */
const FEWEST_RUNS = 8;
/** A file takes what was copied through the page cache, at no more than ten times the rate of copies over PCIe: less writing than this wrote something else. */
const WRITING_SHARE: Share = 0.1;

/** Calls that put data into a file, or wait until they are there. A `close` does what `write` left to it. */
const WRITES =
  /^(p?write(v2?|64)?|pwritev?64(v2?)?|fwrite(_unlocked)?|f(data)?sync|sync_file_range|msync|fflush|f?close|sendfile(64)?|copy_file_range|io_(submit|uring.*))$/;

/** The runs of copies to the host, each from the end of the last kernel before it to the start of the first one after. */
function runsOf(ops: GpuOps, lane: Lane): Run[] {
  const out: Run[] = [];
  let run: Run | undefined;
  let [busyTo, kernels] = [Number.NaN, 0];
  for (const i of lane.ops) {
    const start = realAt(ops.start, i);
    if (ops.kind[i] === OP.copy && byteAt(ops.copyKind, i) === COPY_KIND.deviceToHost) {
      if (run === undefined) {
        run = { start: Number.isNaN(busyTo) ? start : busyTo, end: start, bytes: 0, copies: 0, copying: 0 };
        out.push(run);
      }
      run.bytes += realAt(ops.bytes, i);
      run.copies++;
      run.copying += realAt(ops.end, i) - start;
      run.end = realAt(ops.end, i);
      kernels = 0;
    } else if (ops.kind[i] !== OP.copy && ops.kind[i] !== OP.memset) {
      if (run !== undefined && kernels === 0) run.end = start;
      kernels++;
      if (kernels > KERNELS_BETWEEN) run = undefined;
      busyTo = realAt(ops.end, i);
    }
  }
  return out;
}

/** For how long one thread of a process wrote to files in [from, to): that of the thread which wrote most. */
function writingIn(host: HostCalls, process: number, from: Ns, to: Ns): Ns {
  let most = 0;
  for (const [thread, t] of host.threads.entries()) {
    if (t.process !== process) continue;
    const calls = host.callsOf(thread);
    let sum = 0;
    for (let i = upperBound(calls.start, to) - 1; i >= 0 && realAt(calls.endSoFar, i) > from; i--)
      if (WRITES.test(host.nameOf(intAt(calls.nameId, i))))
        sum += Math.max(0, Math.min(realAt(calls.end, i), to) - Math.max(realAt(calls.start, i), from));
    most = Math.max(most, sum);
  }
  return most;
}

/**
 * The checkpoints that a training wrote while its lane stood still: many copies to the host, far more than a step returns, and files written by the same
 * process before the lane computes again. Without kernels that only training runs there are none: a server that spills its cache to disk looks alike.
 */
export function findCheckpoints(ops: GpuOps, host: HostCalls, lane: Lane): readonly Checkpoint[] {
  if (!isTraining(ops)) return [];
  const runs = runsOf(ops, lane);
  const usual = runs.length >= FEWEST_RUNS ? medianOf(runs.map(r => r.bytes)) : 0;
  const process = ops.processes[lane.process] ?? Number.NaN;
  return runs
    .filter(
      r =>
        r.copies >= FEWEST_COPIES &&
        r.bytes >= TIMES_USUAL * usual &&
        writingIn(host, process, r.start, r.end) >= WRITING_SHARE * r.copying,
    )
    .map(({ start, end, bytes, copies }) => ({ start, end, bytes, copies }));
}

/** Answers which checkpoint a stretch lies in for its larger half, if any. @param checkpoints in order of time */
export function checkpointAt(checkpoints: readonly Checkpoint[]): (from: Ns, to: Ns) => Checkpoint | undefined {
  const ends = Float64Array.from(checkpoints, c => c.end);
  return (from, to) => {
    const found = checkpoints[upperBound(ends, from)];
    return found !== undefined && 2 * (Math.min(to, found.end) - Math.max(from, found.start)) > to - from ? found : undefined;
  };
}
