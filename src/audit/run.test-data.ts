import type { LatencyFigure, RunSummary } from '#schema/relation';

/** What a simulated load test is made of. */
export interface Setup {
  readonly seed: number;
  readonly requests: number;
  /** Requests a second. */
  readonly rate: number;
  readonly meanLatency_s: number;
  readonly prompt: number;
  readonly output: number;
  readonly gpus: number;
  readonly watts: number;
}

/** Park and Miller's minimal standard generator: random numbers that are the same in every run. */
function rng(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const SHARES = [0.5, 0.9, 0.95, 0.99];
const figure = (
  metric: LatencyFigure['metric'],
  statistic: LatencyFigure['statistic'],
  q: number | null,
  ms: number,
  n: number,
): LatencyFigure => ({
  metric,
  statistic,
  q,
  lower_ms: ms,
  upper_ms: ms,
  n,
});

function figures(metric: LatencyFigure['metric'], values: readonly number[]): LatencyFigure[] {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  return [
    figure(metric, 'mean', null, sorted.reduce((s, v) => s + v, 0) / n, n),
    figure(metric, 'min', null, sorted[0] ?? 0, n),
    ...SHARES.map(q => figure(metric, 'percentile', q, sorted[Math.ceil(q * n) - 1] ?? 0, n)),
    figure(metric, 'max', null, sorted[n - 1] ?? 0, n),
  ];
}

/** Poisson arrivals, exponential service on top of a fixed part, power read once a second: all figures follow from the events. */
export function simulatedRun(setup: Setup): RunSummary {
  const next = rng(setup.seed);
  const exponential = (mean: number) => -mean * Math.log(1 - next());
  let at = 0;
  const requests = Array.from({ length: setup.requests }, () => {
    at += exponential(1 / setup.rate);
    const ttft = 0.02 + exponential(setup.meanLatency_s * 0.1);
    return { start: at, ttft, end: at + ttft + exponential(setup.meanLatency_s * 0.9) };
  });
  const duration_s = Math.max(...requests.map(r => r.end));
  const events = requests.flatMap(r => [[r.start, 1] as const, [r.end, -1] as const]).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  let now = 0;
  const inFlight = Math.max(...events.map(([, step]) => (now += step)));
  const watts = Array.from({ length: Math.max(2, Math.ceil(duration_s)) }, () => setup.watts * (0.9 + 0.2 * next()));
  const mean_w = watts.reduce((s, w) => s + w, 0) / watts.length;
  const output_tokens = setup.requests * setup.output;
  const input_tokens = setup.requests * setup.prompt;
  return {
    label: null,
    model: 'tiny',
    start_ms: 0,
    end_ms: duration_s * 1000,
    duration_s,
    requested_rate: setup.rate,
    concurrency: inFlight,
    gpus: setup.gpus,
    sent: setup.requests,
    completed: setup.requests,
    completed_in_window: null,
    output_tokens_in_window: null,
    failed: 0,
    input_tokens,
    output_tokens,
    requests_per_s: setup.requests / duration_s,
    output_tokens_per_s: output_tokens / duration_s,
    total_tokens_per_s: (input_tokens + output_tokens) / duration_s,
    latency: [
      ...figures(
        'e2e',
        requests.map(r => (r.end - r.start) * 1000),
      ),
      ...figures(
        'ttft',
        requests.map(r => r.ttft * 1000),
      ),
    ],
    windows: [],
    power: {
      entity: `${setup.gpus} GPUs`,
      mean_w,
      min_w: Math.min(...watts),
      max_w: Math.max(...watts),
      energy_j: mean_w * duration_s,
      tokens_per_joule: output_tokens / (mean_w * duration_s),
      samples: watts.length,
      sampled_s: duration_s,
      requested_s: duration_s,
    },
  };
}
