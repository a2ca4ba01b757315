// Format: https://github.com/vllm-project/guidellm/tree/main/src/guidellm/schemas (benchmarks.json of GuideLLM, 0.2 to 0.8). With
// requests where the report holds any; a report with sample size 0, or an aggregated one, is a summary.

import { fewRequests } from '#input/series/latency-figures';
import { type RequestTimes, requestSeries } from '#input/series/request-series';
import { AGGREGATES_ONLY, ALL_FAILED, NO_STARTS, summarySeries } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { jsonValues } from '#input/text/json-values';
import type { Text } from '#input/text/text';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { extent, msSince, nsOfSeconds } from '#input/time/nanoseconds';
import type { RequestSeries, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { Benchmark, hasSchedule, PARTS, strategyOf, toRun } from './benchmark.ts';
import { isStatus, STATUS, toRequest } from './request.ts';
import { requestSchema } from './schema.ts';

const ID = 'guidellm';
const HINT = 'Give the report as GuideLLM wrote it (benchmarks.json).';
const MODEL = '$.config.spec.backend.model';
const PATHS = [
  MODEL,
  ...PARTS.map(way => `$.benchmarks.*.${way}`),
  ...Object.keys(STATUS).map(list => `$.benchmarks.*.requests.${list}.*`),
];
/** time.time() of Python is the clock of the system, which may be stepped while the test runs. */
const WALL = 'Stamps are of the system clock, not of a steady one: a step of the clock during the test shows in them.';
const NO_TPOT = 'Time per output token is one mean for each request, weighted by its tokens.';

export default defineImporter<'requests' | 'summary'>({
  id: ID,
  kind: 'requests',
  title: 'GuideLLM benchmarks.json',
  extensions: ['.json'],
  keys: ['benchmarks', 'metadata', 'guidellm_version', 'scheduler_metrics', 'requests'],
  sniff: head => /^\ufeff?\s*\{/.test(head) && /"(?:guidellm_version|generative_benchmark|GenerativeBenchmarksReport)"/.test(head),
  parse: (text, source): RequestSeries | SummarySeries => {
    const [cut, counter] = [new WarningCounter('document'), new WarningCounter('request')];
    const { model, benchmarks, requests } = read(text, source, cut, counter);
    const warnings = cut.sentences();
    if (requests.length > 0)
      return requestSeries(
        requests,
        { format: ID, source, clock: { kind: 'epoch', uncertainty_ms: 0 }, limits: [WALL], warnings },
        counter,
      );
    if (benchmarks.length === 0) throw badRecord({ source }, 'it holds no benchmark', HINT);
    return summarise(benchmarks, model, warnings);
  },
});

interface Report {
  model: string | null;
  benchmarks: Benchmark[];
  requests: RequestTimes[];
}

const read = (text: Text, source: string, cut: WarningCounter, counter: WarningCounter): Report => {
  const parts = new Map<string, Record<string, unknown>>();
  const requests: RequestTimes[] = [];
  let model: string | null = null;
  for (const { path, value } of jsonValues(text, source, PATHS, cut)) {
    const [root, which, ...way] = path;
    if (root !== 'benchmarks') {
      model = typeof value === 'string' ? value : null;
      continue;
    }
    const part = parts.get(`${which}`) ?? {};
    parts.set(`${which}`, part);
    if (way[0] === 'requests' && isStatus(way[1])) {
      const record = validate(requestSchema(value), value, { source, path: path.join('.') }, HINT);
      const request = toRequest(record, way[1], hasSchedule(strategyOf(part)), requests.length + 1, counter);
      if (request !== undefined) requests.push(request);
    } else part[way.join('.')] = value;
  }
  const benchmarks = [...parts].map(([which, part]) => validate(Benchmark, part, { source, path: `benchmarks.${which}` }, HINT));
  return { model, benchmarks, requests };
};

const summarise = (benchmarks: readonly Benchmark[], model: string | null, warnings: readonly string[]): SummarySeries => {
  const starts = benchmarks.flatMap(({ start_time }) => (typeof start_time === 'number' ? [nsOfSeconds(start_time)] : []));
  const origin_ns = extent(starts)?.min;
  const rows = benchmarks.map(benchmark => toRun(benchmark, model, seconds => msSince(origin_ns ?? 0n, nsOfSeconds(seconds))));
  const fewest = rows.reduce<number | null>(
    (least, { completed }) => (completed === null ? least : Math.min(least ?? completed, completed)),
    null,
  );
  return summarySeries({
    format: ID,
    ...(origin_ns === undefined ? {} : { clock: { kind: 'epoch', uncertainty_ms: 0 }, origin_ns }),
    rows,
    limits: [
      NO_STARTS,
      AGGREGATES_ONLY,
      ...(rows.some(({ completed }) => completed === 0) ? [ALL_FAILED] : fewRequests(fewest)),
      ...(rows.some(({ latency }) => latency.some(({ metric }) => metric === 'tpot')) ? [NO_TPOT] : []),
    ],
    warnings,
  });
};
