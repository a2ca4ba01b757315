import type { Incident } from '#schema/incident';
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
    story:
      stall.cause === 'host-compute'
        ? `For 140 ms the GPU had nothing to run while the scheduler thread computed; ${held.length} requests waited for it.`
        : `A copy of 268 MB to pageable memory held the serving stream for 140 ms; ${held.length} requests waited behind it.`,
    evidence: evidence(stall),
  };
}
