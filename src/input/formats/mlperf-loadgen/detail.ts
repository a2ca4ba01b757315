import { namedFigure, namedFigures } from '#input/series/latency-figures';
import { UNTOLD } from '#input/series/summary-series';
import type { LatencyFigure, RunSummary } from '#schema/relation';
import type { Entries } from './detail-log.ts';

const NS = 1e-6;
/** result_99.00_percentile_latency_ns, result_first_token_99.00_percentile_latency_ns, result_time_per_output_token_99.00_percentile_ns. */
const PERCENTILE = /^result_(first_token_|time_per_output_token_)?(\d+(?:\.\d+)?)_percentile_(?:latency_)?ns$/;
const METRIC = { '': 'e2e', first_token_: 'ttft', time_per_output_token_: 'tpot' } as const;
const isGroup = (name: string): name is keyof typeof METRIC => Object.hasOwn(METRIC, name);
const EXTREMES = ['min', 'mean', 'max'] as const;

const numberAt = (entries: Entries, ...keys: string[]): number | null => {
  const value = keys.map(key => entries.get(key)).find(found => typeof found === 'number');
  return typeof value === 'number' ? value : null;
};
const textAt = (entries: Entries, key: string): string | null => {
  const value = entries.get(key);
  return typeof value === 'string' && value !== '' ? value : null;
};

/**
 * What was asked. Offline sends all samples as one query, and latencies and rates are those of samples (MLPerf inference rules, "Scenarios"):
 * there a query counts as many times as it has samples.
 */
const samplesOf = (entries: Entries, key: string, isOffline: boolean): number | null => {
  const queries = numberAt(entries, key);
  const each = isOffline ? numberAt(entries, 'effective_samples_per_query') : 1;
  return queries === null || each === null ? null : queries * each;
};

/** What the log tells of the run as a whole, without its window. */
export const toRun = (entries: Entries): RunSummary => {
  const scenario = textAt(entries, 'effective_scenario');
  const isOffline = scenario === 'Offline';
  const n = samplesOf(entries, 'result_query_count', isOffline);
  return {
    ...UNTOLD,
    label: [textAt(entries, 'sut_name'), scenario].filter(part => part !== null).join(', ') || null,
    requested_rate: scenario === 'Server' ? numberAt(entries, 'effective_target_qps') : null,
    sent: samplesOf(entries, 'generated_query_count', isOffline),
    completed: n,
    requests_per_s: numberAt(entries, 'result_completed_samples_per_sec', 'result_samples_per_second'),
    output_tokens_per_s: numberAt(entries, 'result_completed_tokens_per_second', 'result_token_throughput_with_loadgen_overhead'),
    latency: [...percentiles(entries, n), ...extremes(entries, n)],
  };
};

const percentiles = (entries: Entries, n: number | null): LatencyFigure[] =>
  [...entries].flatMap(([key, value]) => {
    const [, group = '', percent = ''] = PERCENTILE.exec(key) ?? [];
    const figure =
      typeof value === 'number' && isGroup(group) && percent !== '' ? namedFigure(METRIC[group], percent, value * NS, n) : undefined;
    return figure === undefined ? [] : [figure];
  });

const extremes = (entries: Entries, n: number | null): LatencyFigure[] => {
  const values = (key: (name: string) => string) => Object.fromEntries(EXTREMES.map(name => [name, entries.get(key(name))]));
  return [
    ...namedFigures(
      'e2e',
      values(name => `result_${name}_latency_ns`),
      NS,
      n,
    ),
    ...namedFigures(
      'ttft',
      values(name => `result_first_token_${name}_latency_ns`),
      NS,
      n,
    ),
    ...namedFigures(
      'tpot',
      values(name => `result_time_to_output_token_${name}`),
      NS,
      n,
    ),
  ];
};
