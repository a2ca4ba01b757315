import type { Incident } from '#schema/incident';
import type { IncidentTimeline, TimelineBar } from '#schema/incident-timeline';
import type { Request } from './requests.ts';
import { STALL_MS, START_NS, type Stall } from './stalls.ts';

const evidence = (stall: Stall) => [
  {
    query: stall.cause === 'host-compute' ? 'starved_gap' : 'pageable_copy',
    params: { from_ns: `${START_NS + BigInt(stall.at) * 1_000_000n}`, min_gap_ns: 1_000_000 },
    shows:
      stall.cause === 'host-compute'
        ? 'The GPU ran dry, and the scheduler thread was in no CUDA call.'
        : 'One copy to pageable memory held stream 7.',
    rows: [
      {
        start_ms: stall.at,
        dur_ms: 139.7,
        device: 0,
        next_kernel: 'void at::native::vectorized_elementwise_kernel<4, at::native::CUDAFunctor_add<float>>',
        thread: 4182,
        cuda_call: null,
      },
      {
        start_ms: stall.at + 139.9,
        dur_ms: 0.4,
        device: 0,
        next_kernel: 'ampere_bf16_s16816gemm_bf16_128x64_ldg8_f2f_stages_64x3_tn',
        thread: 4182,
        cuda_call: 'cudaLaunchKernel',
      },
    ],
  },
];

const bar = (kind: TimelineBar['kind'], name: string | null, start_ms: number, length: number, operations = 1): TimelineBar => ({
  ...{ kind, name, operations, start_ms, end_ms: start_ms + length, busy_ms: operations === 1 ? length : length / 2 },
});

/** A stream that runs dry while its thread computes, or waits behind a copy. */
function timeline({ at, cause }: Stall): IncidentTimeline {
  const half = STALL_MS / 2;
  const copy = cause === 'host-compute' ? [] : [bar('copy', null, at, STALL_MS)];
  const kernels = [bar('kernel', null, at - half, half, 412), ...copy, bar('kernel', 'gemm_bf16', at + STALL_MS, half)];
  const of = { process: 4_100, device: null, number: 4_182 };
  return {
    ...{ start_ms: at - half, end_ms: at + STALL_MS + half, tracks_left_out: 2 },
    launching: [{ process: 4_100, thread: 4_182, process_name: '/usr/bin/python3', thread_name: 'scheduler', launches: 1_630 }],
    tracks: [
      { shows: 'stream', process: 4_100, device: 0, number: 7, bars: kernels },
      { shows: 'nvtx', ...of, bars: [bar('nvtx', 'schedule', at - 2, STALL_MS + 4), bar('nvtx', 'sort', at, STALL_MS)] },
      { shows: 'api', ...of, bars: [bar('api', 'cudaLaunchKernel', at - half, half, 412)] },
    ],
    by_hand: [{ query: 'stream_work', params: { from_ns: (at - half) * 1e6, to_ns: (at + STALL_MS + half) * 1e6 } }],
  };
}

export function incident(stall: Stall, i: number, all: readonly Request[]): Incident {
  const held = all.filter(
    r => r.cause !== 'outside the trace' && r.excess_ms > 20 && r.t_ms < stall.at + STALL_MS && stall.at < r.t_ms + r.latency_ms,
  );
  const excess = held.reduce((sum, r) => sum + r.excess_ms, 0);
  return {
    id: `I${i + 1}`,
    start_ns: `${START_NS + BigInt(stall.at) * 1_000_000n}`,
    end_ns: `${START_NS + BigInt(stall.at + STALL_MS) * 1_000_000n}`,
    start_ms: stall.at,
    end_ms: stall.at + STALL_MS,
    held_up_ms: 139.6,
    requests: held.length,
    excess_ms: excess,
    causes: [
      { cause: stall.cause, excess_ms: excess * 0.96, share: 0.96, subject: stall.subject, root: null, symptom: null },
      { cause: 'unexplained', excess_ms: excess * 0.04, share: 0.04, subject: 'the rest', root: null, symptom: null },
    ],
    tied: [],
    story:
      stall.cause === 'host-compute'
        ? `For 140 ms the GPU had nothing to run while the scheduler thread computed; ${held.length} requests waited for it.`
        : `A copy of 268 MB to pageable memory held the serving stream for 140 ms; ${held.length} requests waited behind it.`,
    evidence: evidence(stall),
    timeline: i < 3 ? timeline(stall) : null,
  };
}
