import type { TraceDescription } from './synthetic-trace.ts';

export const [PID, TID] = [1123, 1124] as const;

/** A little of everything that a trace can hold, for tests that read all of it. */
export const SMALL_RUN: Omit<TraceDescription, 'version'> = {
  epochNs: 1_795_311_786_057_865_023n,
  processes: [{ pid: PID, name: 'python3' }],
  threads: [{ pid: PID, tid: TID, name: 'engine' }],
  kernels: [
    {
      start: 1_000,
      end: 4_000,
      pid: PID,
      correlation: 11,
      name: 'gemm',
      fullName: 'void gemm<float>(int)',
      grid: [66, 2, 3],
      block: [32, 4, 2],
    },
    { start: 5_000, end: 9_000, pid: PID, correlation: 12, name: 'softmax', stream: 13 },
  ],
  copies: [{ start: 9_500, end: 9_900, pid: PID, correlation: 13, bytes: 3 * 2 ** 32, kind: 2, srcKind: 2, dstKind: 0 }],
  memsets: [{ start: 9_910, end: 9_920, pid: PID, correlation: 14, bytes: 4096 }],
  syncs: [{ start: 9_000, end: 9_950, pid: PID, correlation: 15, type: 4 }],
  apiCalls: [
    { start: 500, end: 900, pid: PID, tid: TID, correlation: 11, name: 'cudaLaunchKernel_v7000' },
    { start: 4_200, end: 4_500, pid: PID, tid: TID, correlation: 12, name: 'cudaLaunchKernel_v7000' },
    { start: 9_100, end: 9_950, pid: PID, tid: TID, correlation: 13, name: 'cudaMemcpyAsync_v3020' },
    { start: 9_960, end: 9_970, pid: PID, tid: TID, correlation: 16, name: 'cudaMalloc_v3020', returnValue: 2 },
  ],
  osCalls: [{ start: 2_000, end: 3_000, pid: PID, tid: TID, name: 'sem_wait' }],
  nvtx: [{ start: 400, end: 9_999, pid: PID, tid: TID, name: 'decode batch=1' }],
  overheads: [{ start: 9_980, end: 9_990, pid: PID, tid: TID, name: 'CUPTI Buffer flush' }],
};
