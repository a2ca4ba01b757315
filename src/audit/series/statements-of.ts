import type { Statement } from '#audit/statement';
import type { AnySeries, LatencyFigure, RunSummary } from '#schema/relation';
import { statementsOfFacts } from './facts.ts';
import { statementsOfGpus } from './gpu.ts';
import { statementsOfHost } from './host.ts';
import { statementsOfRequests } from './requests.ts';
import { statementsOfSamples } from './samples.ts';
import { statementsOfSummary } from './summary.ts';

/** Formats that hold values or histograms, of which the importer takes the percentiles: the file states none. */
const WORKED_OUT: ReadonlySet<string> = new Set(['hdr-hlog', 'hey-csv-durations', 'llmperf', 'prometheus-vllm', 'wrk2-hgrm']);
/** Formats that state p99 themselves; where they also hold the values, the importer takes other percentiles of them. */
const STATE_P99: ReadonlySet<string> = new Set(['vllm-bench', 'sglang-bench']);
const P99 = 0.99;
/** Without the percentiles that so few values cannot carry: nobody stated them. */
const stated = (row: RunSummary, format: string): RunSummary => {
  if (!WORKED_OUT.has(format) && !STATE_P99.has(format)) return row;
  const isThin = (f: LatencyFigure) => f.q !== null && (f.n ?? Number.POSITIVE_INFINITY) * (1 - f.q) < 1;
  return { ...row, latency: row.latency.filter(f => !isThin(f) || (STATE_P99.has(format) && f.q === P99)) };
};

/** The statements of a file that an importer read. `file` is what sources call it. */
export function statementsOfSeries(series: AnySeries, file: string): Statement[] {
  switch (series.kind) {
    case 'summary':
      return series.rows.flatMap((row, i) => statementsOfSummary(stated(row, series.format), file, i));
    case 'requests':
      return statementsOfRequests(series.rows, file);
    case 'gpu':
      return statementsOfGpus(series.rows, file);
    case 'host':
      return statementsOfHost(series.rows, file, series.format);
    case 'samples':
      return statementsOfSamples(series.rows, file);
    case 'facts':
      return statementsOfFacts(series.rows, file);
    // What a machine reaches is judged against its peaks by `forensics certify`.
    case 'measurements':
      return [];
  }
}
