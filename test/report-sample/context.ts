import { GAP_CLASSES } from '#schema/report';

/** What the sample says of files, clocks, devices and detectors. */
export const CONTEXT = {
  inputs: [
    {
      path: 'runs/2026-11-22/trace.sqlite',
      kind: 'trace',
      format: 'nsys-sqlite',
      sha256: '9f2b8c7a4c0e51de7d2f6a0b1c3e4d5f60718293a4b5c6d7e8f90123456789ab',
      bytes: 38_178_816,
    },
    {
      path: 'runs/2026-11-22/requests.jsonl',
      kind: 'requests',
      format: 'native-requests',
      sha256: '0c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f405162738495a6b7c8d9eafb',
      bytes: 214_016,
    },
    {
      path: 'runs/2026-11-22/gpu.csv',
      kind: 'gpu',
      format: 'nvidia-smi-csv',
      sha256: 'aa1d2e3f405162738495a6b7c8d9eafb0c1d2e3f405162738495a6b7c8d9eaff',
      bytes: 61_440,
    },
    {
      path: 'runs/2026-11-22/host.csv',
      kind: 'host',
      format: 'host-csv',
      sha256: 'bb1d2e3f405162738495a6b7c8d9eafb0c1d2e3f405162738495a6b7c8d9eaff',
      bytes: 50_112,
    },
  ],
  capabilities: [
    { what: 'GPU kernels and copies', available: true, why: '402,118 operations recorded' },
    { what: 'operating system calls', available: true, why: 'OSRT_API is present' },
    { what: 'what a thread computes', available: false, why: 'no CPU sampling in this trace: capture with --sample=process-tree' },
  ],
  clock: {
    method: 'trace and request log are both on the host epoch clock',
    uncertainty_ms: 0.8,
    notes: ['gpu.csv has no time zone: read as UTC, which fits the busy stretch of the trace.'],
  },
  window: { start_ns: '1795311782000000000', end_ns: '1795311794000000000', epoch_known: true, start_ms: 0 },
  recording: {
    preset: 'serving',
    nsys_version: '2025.3.1',
    method: 'launch, start and stop with a named session',
    flags: ['--osrt-threshold=10000'],
    opened_ns: '1795311782000000000',
    closed_ns: '1795311794000000000',
    closed_by: 'its time was up',
    overhead: [
      { metric: 'end-to-end p50', unit: 'ms', control: 41.2, recorded: 43.9, change: 0.0655, change_ci: [0.031, 0.102] },
      { metric: 'end-to-end p99', unit: 'ms', control: 80, recorded: 79, change: -0.0125, change_ci: null },
    ],
    missing: ['nvlink.csv: no NVLink'],
  },
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
      gaps: Object.fromEntries(
        GAP_CLASSES.map((c, i) => [
          c,
          {
            count: [412, 96, 31, 12, 4, 58, 2][i],
            lower_ms: [602.4, 0, 88.1, 6.3, 1.2, 1_940.2, 199.6][i],
            upper_ms: [602.4, 41.8, 88.1, 6.3, 1.2, 1_940.2, 199.6][i],
          },
        ]),
      ),
    },
  ],
  detectors: [
    {
      detector: 'host-starved-gaps',
      cause: 'host-compute',
      verdict: 'found',
      lost_ms: 412,
      clear_above_ms: null,
      reason: 'three gaps of 140 ms with no CUDA call on the launching thread',
    },
    {
      detector: 'blocking-copies',
      cause: 'blocking-copy',
      verdict: 'found',
      lost_ms: 96,
      clear_above_ms: null,
      reason: 'two copies of 268 MB to pageable memory',
    },
    {
      detector: 'gpu-contention',
      cause: 'gpu-contention',
      verdict: 'clear',
      lost_ms: 0,
      clear_above_ms: 12,
      reason: 'no other context or stream computed while requests were slow',
    },
    {
      detector: 'lowered-clocks',
      cause: 'clock-throttle',
      verdict: 'minor',
      lost_ms: 14,
      clear_above_ms: 10,
      reason: 'the clock was down for 0.8 s, and the same kernels took no longer then',
    },
    {
      detector: 'paging',
      cause: 'paging',
      verdict: 'cannot-tell',
      lost_ms: null,
      clear_above_ms: null,
      reason: 'the host samples begin 40 ms after the first stall',
    },
  ],
  cannot_tell: [
    'What the scheduler thread computed: the trace holds no CPU samples.',
    'Which caller asked for the 268 MB copies: no backtraces were collected.',
  ],
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
  training: null,
  steps: [
    {
      ...{ process: 4242, device: 'GPU 0', kind: 'decode', told_by: 'tokens', steps: 1800, share: 0.9 },
      ...{ median_ms: 6, work_ms: 5, seen_above_ms: 12, excess_ms: 700 },
      work: {
        ...{ sequences: { median: 8, min: 1, max: 16 }, prompt_tokens: { median: 0, min: 0, max: 0 } },
        generated_tokens: { median: 8, min: 1, max: 16 },
      },
    },
    {
      ...{ process: 4242, device: 'GPU 0', kind: 'prefill', told_by: 'tokens', steps: 60, share: 0.1 },
      ...{ median_ms: 20, work_ms: 17, seen_above_ms: 40, excess_ms: 0 },
      work: {
        ...{ sequences: { median: 1, min: 1, max: 3 }, prompt_tokens: null },
        generated_tokens: { median: 1, min: 1, max: 3 },
      },
    },
  ],
  pipeline: null,
  collectives: null,
  energy: null,
};
