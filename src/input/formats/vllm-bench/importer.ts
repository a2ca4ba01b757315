// Format: https://github.com/vllm-project/vllm/blob/main/vllm/benchmarks/serve.py (`vllm bench serve --save-result`, with and without
// --save-detailed; benchmark_serving.py before it). One run a file, or with --append-result one run a line.

import { fewRequests } from '#input/series/latency-figures';
import { PER_CHUNK } from '#input/series/request-series';
import { AGGREGATES_ONLY, ALL_FAILED, NO_STARTS, summarySeries } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { WarningCounter } from '#input/text/warning-counter';
import { localTime } from '#input/time/local-time';
import { extent, msSince } from '#input/time/nanoseconds';
import { ZONELESS_LIMIT } from '#input/time/sample-clock';
import type { RequestSeries, RunSummary, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { isAppended, readAppended } from './appended.ts';
import { type Document, HINT, hasStarts, readDocument } from './document.ts';
import { requestsOf } from './requests.ts';
import { rateLimit, summaryOf } from './summary.ts';

const ID = 'vllm-bench';

export default defineImporter<'requests' | 'summary'>({
  id: ID,
  kind: 'requests',
  title: 'vllm bench serve (JSON)',
  extensions: ['.json'],
  keys: ['num_prompts', 'tokenizer_id', 'request_rate', 'request_throughput', 'output_throughput', 'mean_ttft_ms'],
  sniff: head =>
    /^\ufeff?\s*\{/.test(head) &&
    ['"num_prompts"', '"tokenizer_id"', '"request_rate"'].every(key => head.includes(key)) &&
    !/"(?:median|p99|mean)_(?:ttft|tpot|itl|e2el)"\s*:/.test(head),
  parse: (text, source): RequestSeries | SummarySeries => {
    if (isAppended(text, source)) {
      const counter = new WarningCounter();
      const runs = readAppended(text, source, counter);
      return summaryFrom(runs, source, counter.sentences());
    }
    const document = readDocument(text, source);
    return hasStarts(document) ? requestsOf(document, ID, source) : summaryFrom([document], source, []);
  },
});

const summaryFrom = (documents: readonly Document[], source: string, warnings: readonly string[]): SummarySeries => {
  if (documents.every(({ run, details }) => run.duration === undefined && run.completed === undefined && details.length === 0))
    throw badRecord({ source }, 'it holds neither results nor requests', HINT);
  const ends = documents.map(({ run }) => (run.date === undefined ? undefined : localTime(run.date)));
  const known = ends.flatMap(end => (end === undefined ? [] : [end]));
  const [end] = known;
  const origin_ns = extent(known.map(({ ns }) => ns))?.min ?? 0n;
  const rows = documents.map((document, i) => {
    const ns = ends[i]?.ns;
    return named(summaryOf(document, ns === undefined ? null : msSince(origin_ns, ns)), documents.length);
  });
  const limits = [
    NO_STARTS,
    ...(documents.every(({ details }) => details.length === 0) ? [AGGREGATES_ONLY] : []),
    ...(end === undefined ? [] : [`${ZONELESS_LIMIT} "date" is when the run ended.`]),
    ...documents.flatMap(({ run }) => (run.completed === 0 ? [ALL_FAILED] : fewRequests(run.completed ?? null))),
    ...documents.flatMap(({ run }) => rateLimit(run)),
    ...(rows.some(row => row.latency.some(figure => figure.metric === 'itl')) ? [PER_CHUNK] : []),
  ];
  return summarySeries({
    format: ID,
    ...(end === undefined ? {} : { clock: end.clock, origin_ns }),
    rows,
    limits: [...new Set(limits)],
    warnings: [...documents.flatMap(document => document.warnings), ...warnings],
  });
};

/** Several runs of one file are told apart by their load, where they have no label. */
const named = (row: RunSummary, runs: number): RunSummary => {
  const concurrency = row.concurrency === null ? '' : `, concurrency ${row.concurrency}`;
  return runs === 1 || row.label !== null ? row : { ...row, label: `rate ${row.requested_rate ?? 'inf'}${concurrency}` };
};
