import { CAUSE_TEXT } from '#model/causes';
import { type ChartData, GAP_CLASSES, type Incident, type Latency, Report } from '#model/report';

/** Times of the planted stalls, ms into the window, and what held the engine up. */
export const STALLS = [
  { at: 1_730, cause: 'host-compute', subject: 'thread 4182 (scheduler)' },
  { at: 3_165, cause: 'blocking-copy', subject: '268 MB, device to pageable host memory' },
  { at: 5_920, cause: 'host-compute', subject: 'thread 4182 (scheduler)' },
  { at: 7_455, cause: 'host-compute', subject: 'thread 4182 (scheduler)' },
  { at: 10_080, cause: 'blocking-copy', subject: '268 MB, device to pageable host memory' },
] as const;
const STALL_MS = 140;
const WINDOW_MS = 12_000;

/** A fixed sequence in place of chance, so that every run draws the same sample. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Request = ChartData['requests'][number];

function requests(n: number): Request[] {
  const next = sequence(20_261_122);
  return Array.from({ length: n }, (_, i) => {
    const t = -420 + (i * (WINDOW_MS + 700)) / n + next() * 30;
    const expected = 9 + 2.31 * (12 + Math.floor(next() ** 2 * 62));
    const noise = (next() + next() + next() - 1.5) * 4;
    const stall = STALLS.find(s => s.at < t + expected && t < s.at + STALL_MS);
    const delay = stall === undefined ? 0 : Math.min(STALL_MS, stall.at + STALL_MS - t) * 0.98;
    const rest = i === 211 ? 61 : 0;
    const latency = expected + noise + delay + rest;
    const outside = t < 0 || t + latency > WINDOW_MS;
    const excess = latency - expected;
    const slow = excess > 20;
    const cause: Request['cause'] = outside ? 'outside the trace' : !slow ? 'as expected' : (stall?.cause ?? 'unexplained');
    return { id: `req-${i}`, t_ms: t, latency_ms: latency, expected_ms: expected, excess_ms: excess, cause, in_incident: stall !== undefined && !outside };
  });
}

function latency(of: readonly Request[]): Latency[] {
  const sorted = of.filter(r => r.cause !== 'outside the trace').map(r => r.latency_ms).sort((a, b) => a - b);
  const at = (p: number) => sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? 0;
  if (sorted.length === 0) return [];
  return [{ metric: 'e2e', n: sorted.length, p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), p99_ci_ms: [at(0.97), null], max_ms: at(1) }];
}

const evidence = (stall: (typeof STALLS)[number]) => [
  {
    query: stall.cause === 'host-compute' ? 'starved_gap' : 'pageable_copy',
    params: { from_ns: `${1_795_311_782_000_000_000n + BigInt(stall.at) * 1_000_000n}`, min_gap_ns: 1_000_000 },
    shows: stall.cause === 'host-compute' ? 'The GPU ran dry, and the scheduler thread was in no CUDA call.' : 'One copy to pageable memory held stream 7.',
    rows: [
      { start_ms: stall.at, dur_ms: 139.7, device: 0, next_kernel: 'void at::native::vectorized_elementwise_kernel<4, at::native::CUDAFunctor_add<float>>', thread: 4182, cuda_call: null },
      { start_ms: stall.at + 139.9, dur_ms: 0.4, device: 0, next_kernel: 'ampere_bf16_s16816gemm_bf16_128x64_ldg8_f2f_stages_64x3_tn', thread: 4182, cuda_call: 'cudaLaunchKernel' },
    ],
  },
];

function incident(stall: (typeof STALLS)[number], i: number, all: readonly Request[]): Incident {
  const held = all.filter(r => r.cause !== 'outside the trace' && r.excess_ms > 20 && r.t_ms < stall.at + STALL_MS && stall.at < r.t_ms + r.latency_ms);
  const excess = held.reduce((sum, r) => sum + r.excess_ms, 0);
  return {
    id: `I${i + 1}`,
    start_ns: `${1_795_311_782_000_000_000n + BigInt(stall.at) * 1_000_000n}`,
    end_ns: `${1_795_311_782_000_000_000n + BigInt(stall.at + STALL_MS) * 1_000_000n}`,
    start_ms: stall.at,
    end_ms: stall.at + STALL_MS,
    held_up_ms: 139.6,
    requests: held.length,
    excess_ms: excess,
    causes: [
      { cause: stall.cause, excess_ms: excess * 0.96, share: 0.96, subject: stall.subject },
      { cause: 'unexplained', excess_ms: excess * 0.04, share: 0.04, subject: 'the rest' },
    ],
    story:
      stall.cause === 'host-compute'
        ? `For 140 ms the GPU had nothing to run while the scheduler thread computed; ${held.length} requests waited for it.`
        : `A copy of 268 MB to pageable memory held the serving stream for 140 ms; ${held.length} requests waited behind it.`,
    evidence: evidence(stall),
  };
}

function deviceBins(): ChartData['device_bins'] {
  const next = sequence(7);
  return Array.from({ length: WINDOW_MS / 50 }, (_, i) => i * 50).flatMap(t => {
    const stall = STALLS.find(s => s.at < t + 50 && t < s.at + STALL_MS);
    const busy = stall === undefined ? 0.62 + next() * 0.3 : 0.05;
    const copying = stall?.cause === 'blocking-copy' ? 0.9 : 0.02 + next() * 0.03;
    const bin = { device: 'GPU 0', t_ms: t, width_ms: 50 };
    return [
      { ...bin, state: 'compute' as const, share: busy },
      { ...bin, state: 'copy' as const, share: Math.min(copying, 1 - busy) },
      { ...bin, state: 'idle' as const, share: Math.max(0, 1 - busy - copying) },
    ];
  });
}

const near = (t: number) => STALLS.some(s => s.at - 50 < t && t < s.at + STALL_MS + 50);

function samples() {
  const next = sequence(3);
  const times = Array.from({ length: 130 }, (_, i) => -500 + i * 100);
  return {
    gpu: times.map(t => ({ gpu: 'GPU 0', t_ms: t, power_w: near(t) ? 190 + next() * 20 : 395 + next() * 40, sm_clock_mhz: t > 8_000 && t < 8_900 ? 1_755 : 1_980, throttled: t > 8_000 && t < 8_900 ? 'software power cap' : null })),
    host: times.map(t => ({ t_ms: t, cpu_pct: near(t) ? 21 + next() * 3 : 13 + next() * 3, iowait_pct: next() * 0.4, disk_read_mb_s: 0, disk_write_mb_s: t % 2_000 === 0 ? 14 + next() * 6 : next(), major_faults_s: 0 })),
  };
}

/** A whole report as a 12 s capture of a small server gives it: five stalls of 140 ms with two causes. */
export function sampleReport(n = 300): Report {
  const all = requests(n);
  const judged = all.filter(r => r.cause !== 'outside the trace');
  const slow = judged.filter(r => r.excess_ms > 20);
  const incidents = STALLS.map((stall, i) => incident(stall, i, all));
  const total = slow.reduce((sum, r) => sum + r.excess_ms, 0);
  const part = (cause: 'host-compute' | 'blocking-copy') => {
    const excess_ms = incidents.flatMap(i => i.causes).filter(c => c.cause === cause).reduce((sum, c) => sum + c.excess_ms, 0);
    return { cause, excess_ms, share: excess_ms / total };
  };
  const parts = [part('host-compute'), part('blocking-copy')];
  const rest = total - parts.reduce((sum, p) => sum + p.excess_ms, 0);
  const unexplained = { excess_ms: rest, share: rest / total };
  const e2e = latency(judged);
  return Report.parse({
    schema: 'forensics.report/1',
    tool: { name: 'forensics', version: '0.1.0' },
    answer: `${slow.length} of ${judged.length} requests were slow, all but one of them in five short stalls. In three stalls the scheduler thread computed on the CPU for about 140 ms while the GPU had nothing to run; in two, a 268 MB copy to pageable host memory held the serving stream. Without the first, p99 would fall from ${e2e[0]?.p99_ms.toFixed(0)} ms to between 231 and 248 ms. ${(unexplained.share * 100).toFixed(0)} % of the delay is unexplained.`,
    inputs: [
      { path: 'runs/2026-11-22/trace.sqlite', kind: 'trace', format: 'nsys-sqlite', sha256: '9f2b8c7a4c0e51de7d2f6a0b1c3e4d5f60718293a4b5c6d7e8f90123456789ab', bytes: 38_178_816 },
      { path: 'runs/2026-11-22/requests.jsonl', kind: 'requests', format: 'native-requests', sha256: '0c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f405162738495a6b7c8d9eafb', bytes: 214_016 },
      { path: 'runs/2026-11-22/gpu.csv', kind: 'gpu', format: 'nvidia-smi-csv', sha256: 'aa1d2e3f405162738495a6b7c8d9eafb0c1d2e3f405162738495a6b7c8d9eaff', bytes: 61_440 },
      { path: 'runs/2026-11-22/host.csv', kind: 'host', format: 'host-csv', sha256: 'bb1d2e3f405162738495a6b7c8d9eafb0c1d2e3f405162738495a6b7c8d9eaff', bytes: 50_112 },
    ],
    capabilities: [
      { what: 'GPU kernels and copies', available: true, why: '402,118 operations recorded' },
      { what: 'operating system calls', available: true, why: 'OSRT_API is present' },
      { what: 'what a thread computes', available: false, why: 'no CPU sampling in this trace: capture with --sample=process-tree' },
    ],
    clock: { method: 'trace and request log are both on the host epoch clock', uncertainty_ms: 0.8, notes: ['gpu.csv has no time zone: read as UTC, which fits the busy stretch of the trace.'] },
    window: { start_ns: '1795311782000000000', end_ns: '1795311794000000000', epoch_known: true },
    requests: {
      total: n,
      finished: n,
      judged: judged.length,
      slow: slow.length,
      slow_threshold_ms: 20,
      expected: {
        method: 'robust regression of latency on prompt and output tokens, over requests outside incidents',
        coefficients: [
          { term: 'constant', value: 9, unit: 'ms' },
          { term: 'output tokens', value: 2.31, unit: 'ms per token' },
        ],
        noise_ms: 1.7,
      },
    },
    latency: e2e,
    latency_inside: latency(judged.filter(r => r.in_incident)),
    latency_outside: latency(judged.filter(r => !r.in_incident)),
    devices: [
      {
        device: 'GPU 0',
        name: 'NVIDIA H200',
        busy_ms: 9_120.4,
        idle_ms: 2_879.6,
        compute_absent_ms: 3_240.1,
        communication_ms: 0,
        copy_ms: 402.7,
        exposed_communication_ms: 0,
        exposed_copy_ms: 360.5,
        overlapped_ms: 42.2,
        kernels: 402_118,
        gaps: Object.fromEntries(GAP_CLASSES.map((c, i) => [c, { count: [412, 96, 31, 12, 4, 58][i], lower_ms: [602.4, 0, 88.1, 6.3, 1.2, 1_940.2][i], upper_ms: [602.4, 41.8, 88.1, 6.3, 1.2, 1_940.2][i] }])),
      },
    ],
    incidents,
    causes: parts.map((p, i) => ({
      ...p,
      rank: i + 1,
      scope: 'incident',
      p99_without_ms: i === 0 ? { lower: 231, upper: 248 } : { lower: 262, upper: 270 },
      confidence: i === 0 ? 'high' : 'medium',
      why_confidence: i === 0 ? 'three of three incidents show the same thread outside any CUDA call' : 'two incidents, both with the same copy; the caller is not recorded',
      subject: STALLS.find(s => s.cause === p.cause)?.subject,
      incidents: incidents.filter(x => x.causes[0]?.cause === p.cause).map(x => x.id),
      evidence: incidents.find(x => x.causes[0]?.cause === p.cause)?.evidence,
      advice: CAUSE_TEXT[p.cause].advice,
    })),
    books: { excess_ms: total, parts: [...parts, { cause: 'unexplained', ...unexplained }] },
    unexplained,
    detectors: [
      { detector: 'host-starved-gaps', cause: 'host-compute', verdict: 'found', reason: 'three gaps of 140 ms with no CUDA call on the launching thread' },
      { detector: 'blocking-copies', cause: 'blocking-copy', verdict: 'found', reason: 'two copies of 268 MB to pageable memory' },
      { detector: 'gpu-contention', cause: 'gpu-contention', verdict: 'clear', reason: 'no other context or stream computed while requests were slow' },
      { detector: 'lowered-clocks', cause: 'clock-throttle', verdict: 'clear', reason: 'the clock was down for 0.8 s, and the same kernels took no longer then' },
      { detector: 'paging', cause: 'paging', verdict: 'cannot-tell', reason: 'the host samples begin 40 ms after the first stall' },
    ],
    cannot_tell: ['What the scheduler thread computed: the trace holds no CPU samples.', 'Which caller asked for the 268 MB copies: no backtraces were collected.'],
    pipeline: null,
    collectives: null,
    energy: null,
    findings: [
      {
        id: 'power-cap',
        severity: 'low',
        title: 'The power cap lowered the SM clock for 0.8 s',
        detail: 'From 8.0 to 8.9 s the SM clock stood at 1,755 MHz instead of 1,980 MHz. No request was slow at that time.',
        advice: 'Nothing needs to be done while latencies hold; raise the power limit if they do not.',
        evidence: [],
      },
    ],
    charts: { requests: all, device_bins: deviceBins(), ...samples() },
  });
}
