import type { Load, LoadLatency, LoadStage } from '#schema/load';

/** A load in the words of the load-testing guide's load_test_results.json ("Key metrics"). */
interface Results {
  readonly written_by: 'forensics';
  readonly elapsed: number;
  readonly target_qps: number | null;
  readonly concurrency: number | null;
  readonly actual_qps: number;
  readonly tokens_per_sec: number | null;
  readonly tokens_generated: number | null;
  readonly total_requests: number;
  readonly completed_requests: number;
  readonly rejected_requests: number;
  readonly latency_p50_ms: number | null;
  readonly latency_p90_ms: number | null;
  readonly latency_p95_ms: number | null;
  readonly latency_p99_ms: number | null;
  readonly samples_collected: number;
}

const NS_PER_S = 1e9;

/** Times to the whole answer, from the intended start where there is one: what a user waits. */
const endToEnd = ({ latencies }: LoadStage): LoadLatency | undefined =>
  latencies.find(l => l.metric === 'e2e' && l.from === 'intended') ?? latencies.find(l => l.metric === 'e2e');

/** Of a sweep the stage that gives most: the guide's file holds one load. */
const best = ({ stages }: Load): LoadStage | undefined =>
  stages.toSorted((a, b) => (b.output_tokens_per_s ?? b.completed_per_s) - (a.output_tokens_per_s ?? a.completed_per_s))[0];

function ofStage(load: Load, stage: LoadStage): Results {
  const e2e = endToEnd(stage);
  return {
    written_by: 'forensics',
    elapsed: Number(BigInt(stage.end_ns) - BigInt(stage.start_ns)) / NS_PER_S,
    ...{ target_qps: load.rate_per_s, concurrency: stage.concurrency, actual_qps: stage.completed_per_s },
    ...{ tokens_per_sec: stage.output_tokens_per_s, tokens_generated: stage.output_tokens },
    ...{ total_requests: stage.requests.sent + stage.requests.never_sent, completed_requests: stage.requests.ok },
    rejected_requests: stage.requests.failed + stage.requests.unfinished,
    ...{ latency_p50_ms: e2e?.p50_ms ?? null, latency_p90_ms: e2e?.p90_ms ?? null },
    ...{ latency_p95_ms: e2e?.p95_ms ?? null, latency_p99_ms: e2e?.p99_ms ?? null },
    samples_collected: e2e?.n ?? 0,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const known = (values: readonly (number | null)[]): number[] => values.filter(value => value !== null);
const mean = (values: readonly (number | null)[]): number | null =>
  known(values).length === 0 ? null : sum(known(values)) / known(values).length;

/**
 * load_test_results.json: rates and latencies are means of the runs, as the guide asks for; counts and times are sums.
 * @returns undefined without a load
 */
export function loadResults(loads: readonly Load[]): (Results & { readonly runs: readonly Results[] }) | undefined {
  const runs = loads.flatMap(load => {
    const stage = best(load);
    return stage === undefined ? [] : [ofStage(load, stage)];
  });
  const [first] = runs;
  if (first === undefined) return undefined;
  const meanOf = (of: (run: Results) => number | null) => mean(runs.map(of));
  const sumOf = (of: (run: Results) => number | null) => sum(known(runs.map(of)));
  return {
    ...first,
    elapsed: sumOf(r => r.elapsed),
    actual_qps: meanOf(r => r.actual_qps) ?? 0,
    tokens_per_sec: meanOf(r => r.tokens_per_sec),
    tokens_generated: sumOf(r => r.tokens_generated),
    total_requests: sumOf(r => r.total_requests),
    completed_requests: sumOf(r => r.completed_requests),
    rejected_requests: sumOf(r => r.rejected_requests),
    latency_p50_ms: meanOf(r => r.latency_p50_ms),
    latency_p90_ms: meanOf(r => r.latency_p90_ms),
    latency_p95_ms: meanOf(r => r.latency_p95_ms),
    latency_p99_ms: meanOf(r => r.latency_p99_ms),
    samples_collected: sumOf(r => r.samples_collected),
    runs,
  };
}
