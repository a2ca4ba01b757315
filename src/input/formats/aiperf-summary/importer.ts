// Format: https://docs.nvidia.com/aiperf/reference/json-export-schema (profile_export_aiperf.json of AIPerf; genai-perf wrote
// profile_export_genai_perf.json in the same layout). Aggregates of one run. Settings: `input_config.loadgen` to 0.9, `phases` from 0.10.

import { fewRequests, namedFigures } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, NO_STARTS, notRead, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { jsonValues } from '#input/text/json-values';
import type { Text } from '#input/text/text';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { msIn } from '#input/time/time-units';
import type { LatencyFigure, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { PHASES, Phase, phaseOf } from './phases.ts';
import { isMetricName, METRICS, Metric, type MetricName, NAMED_OTHERWISE, Settings } from './schema.ts';
import { windowOf } from './window.ts';

const ID = 'aiperf-summary';
const HINT = 'Give the file as AIPerf wrote it.';
/** AIPerf's inter_token_latency is one mean for each request: what others call time per output token. Between chunks is between tokens here. */
const LATENCIES = [
  ['request_latency', 'e2e'],
  ['time_to_first_token', 'ttft'],
  ['inter_token_latency', 'tpot'],
  ['inter_chunk_latency', 'itl'],
] as const;
const SETTINGS = {
  '$.start_time': 'start_time',
  '$.end_time': 'end_time',
  '$.input_config.endpoint.model_names.0': 'model',
  '$.input_config.models.items.0.name': 'model',
  '$.input_config.loadgen.concurrency': 'concurrency',
  '$.input_config.loadgen.request_rate': 'request_rate',
} as const;

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'AIPerf profile_export_aiperf.json',
  extensions: ['.json'],
  keys: ['request_throughput', 'request_latency', 'time_to_first_token', 'request_count', 'benchmark_duration', 'input_config'],
  sniff: head =>
    /^\ufeff?\s*\{(?!\s*"timeslices")/.test(head) && /"request_(?:throughput|latency|count)"\s*:\s*\{\s*"(?:unit|avg)"\s*:/.test(head),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter('document');
    const { metrics, settings, phases, unread } = read(text, source, counter);
    const phase = phaseOf(phases);
    const value = (name: MetricName): number | null => metrics.get(name)?.avg ?? null;
    const latency = LATENCIES.flatMap(([name, metric]) => figures(metrics.get(name), metric, source, name));
    if (metrics.size === 0) throw badRecord({ source }, 'it holds none of the metrics of AIPerf', HINT);
    const { window, limits, ...clock } = windowOf(settings.start_time, settings.end_time);
    const row = {
      ...UNTOLD,
      ...window,
      model: settings.model ?? null,
      requested_rate: settings.request_rate ?? phase?.rate ?? null,
      concurrency: settings.concurrency ?? phase?.concurrency ?? null,
      duration_s: value('benchmark_duration'),
      completed: value('request_count'),
      failed: value('error_request_count'),
      input_tokens: value('total_isl'),
      output_tokens: value('total_osl') ?? value('total_output_tokens'),
      requests_per_s: value('request_throughput'),
      output_tokens_per_s: value('output_token_throughput'),
      total_tokens_per_s: value('total_token_throughput'),
      latency,
    };
    const few = fewRequests(row.completed);
    return summarySeries({
      format: ID,
      ...clock,
      rows: [row],
      limits: [NO_STARTS, AGGREGATES_ONLY, ...limits, ...few, ...notRead(unread)],
      warnings: counter.sentences(),
    });
  },
});

const read = (text: Text, source: string, counter: WarningCounter) => {
  const metrics = new Map<MetricName, Metric>();
  const settings: Record<string, unknown> = {};
  const phases: Phase[] = [];
  const unread: string[] = [];
  const paths = [...METRICS.map(name => `$.${name}`), ...Object.keys(SETTINGS), `$.${PHASES}.*`, '$.*.unit'];
  for (const { path, value } of jsonValues(text, source, paths, counter)) {
    const way = `$.${path.join('.')}`;
    const [name] = path;
    if (value === null) continue;
    if (path[1] === 'unit') {
      if (typeof name === 'string' && !isMetricName(name) && !NAMED_OTHERWISE.has(name)) unread.push(name);
    } else if (isMetricName(name)) metrics.set(name, validate(Metric, value, { source, path: name }, HINT));
    else if (isSetting(way)) settings[SETTINGS[way]] = value;
    else if (way.startsWith(`$.${PHASES}.`)) phases.push(validate(Phase, value, { source, path: path.join('.') }, HINT));
  }
  return { metrics, settings: validate(Settings, settings, { source }, HINT), phases, unread };
};

const isSetting = (way: string): way is keyof typeof SETTINGS => Object.hasOwn(SETTINGS, way);

const figures = (metric: Metric | undefined, name: LatencyFigure['metric'], source: string, field: string): LatencyFigure[] => {
  if (metric === undefined) return [];
  const { unit, count = null, ...statistics } = metric;
  const scale = msIn(unit);
  if (scale === undefined) throw badRecord({ source, field: `${field}.unit` }, `"${unit}" is not a unit of time`, HINT);
  return namedFigures(name, statistics, scale, count);
};
