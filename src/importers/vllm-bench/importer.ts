// Format: https://github.com/vllm-project/vllm/blob/main/vllm/benchmarks/serve.py (`vllm bench serve --save-result`, with and without
// --save-detailed; benchmark_serving.py before it). One run a file: --append-result makes another format of it.
import type { RequestSeries, SummarySeries } from '#model/relation';
import { checked } from '../checked.ts';
import { defineImporter } from '../define.ts';
import { topScalars } from '../json-scalars.ts';
import { fewRequests } from '../latency.ts';
import { badRecord } from '../refuse.ts';
import { nsOfSeconds, PER_CHUNK, type RequestTimes, requestSeries } from '../request-series.ts';
import { AGGREGATES_ONLY, ALL_FAILED, NO_STARTS, summarySeries } from '../summary-series.ts';
import { Tally } from '../tally.ts';
import { localTime, ZONELESS } from '../zoneless.ts';
import { anchor } from './clock.ts';
import { type Detail, readDetails } from './columns.ts';
import { endToEnd } from './durations.ts';
import { Run } from './fields.ts';
import { rateLimit, summaryOf } from './summary.ts';

const ID = 'vllm-bench';
const HINT = 'Give the file as `vllm bench serve --save-result` wrote it.';

export default defineImporter<'requests' | 'summary'>({
  id: ID,
  kind: 'requests',
  title: 'vllm bench serve (JSON)',
  extensions: ['.json'],
  sniff: head =>
    /^\ufeff?\s*\{/.test(head) &&
    ['"num_prompts"', '"tokenizer_id"', '"request_rate"'].every(key => head.includes(key)) &&
    !/"(?:median|p99|mean)_(?:ttft|tpot|itl|e2el)"\s*:/.test(head),
  parse: (text, source): RequestSeries | SummarySeries => {
    const cut = new Tally('document');
    const details = readDetails(text, source, cut);
    const scalars = topScalars(text, source, cut);
    const run = checked(Run, scalars, { source }, HINT);
    const parts = { run, details, source, warnings: cut.sentences() };
    return details.some(({ start }) => start !== undefined && start > 0) ? requestsOf(parts) : summaryFrom(parts, scalars);
  },
});

interface Parts {
  readonly run: Run;
  readonly details: readonly Detail[];
  readonly source: string;
  readonly warnings: readonly string[];
}

const requestsOf = ({ run, details, source, warnings }: Parts): RequestSeries => {
  const tally = new Tally('request');
  const { clock, ns, limits } = anchor(run, details);
  const requests = details.flatMap((detail, i): RequestTimes[] => {
    if (detail.start === undefined || detail.start === 0) {
      tally.note('it has no start time, so it was left out', i + 1);
      return [];
    }
    return [timesOf(detail, detail.start, i, ns)];
  });
  const itls = details.some(detail => (detail.itls?.length ?? 0) > 0) ? [PER_CHUNK] : [];
  return requestSeries(requests, { format: ID, source, clock, limits: [...limits, ...rateLimit(run), ...itls], warnings }, tally);
};

const timesOf = (detail: Detail, start: number, i: number, ns: (start: number) => bigint): RequestTimes => {
  const arrival = ns(start);
  const after = (seconds: number | undefined) => (seconds === undefined || detail.failed ? null : arrival + nsOfSeconds(seconds));
  return {
    id: `${i + 1}`,
    place: i + 1,
    intended: detail.held === undefined || detail.held < 0 ? null : arrival - nsOfSeconds(detail.held),
    arrival,
    scheduled: null,
    firstToken: after(detail.ttft === 0 ? undefined : detail.ttft),
    finish: after(endToEnd(detail)),
    prompt_tokens: detail.input ?? null,
    output_tokens: detail.output ?? null,
    itl_ms: detail.itls?.map(seconds => seconds * 1000) ?? null,
    status: detail.failed ? 'failed' : 'ok',
  };
};

const summaryFrom = ({ run, details, source, warnings }: Parts, scalars: Readonly<Record<string, unknown>>): SummarySeries => {
  if (run.duration === undefined && run.completed === undefined && details.length === 0)
    throw badRecord({ source }, 'it holds neither results nor requests', HINT);
  const end = run.date === undefined ? undefined : localTime(run.date);
  const row = summaryOf(run, scalars, details, end === undefined ? null : 0);
  return summarySeries({
    format: ID,
    ...(end === undefined ? {} : { clock: end.clock, origin_ns: end.ns }),
    rows: [row],
    limits: [
      NO_STARTS,
      ...(details.length === 0 ? [AGGREGATES_ONLY] : []),
      ...(end === undefined ? [] : [`${ZONELESS} "date" is when the run ended.`]),
      ...(run.completed === 0 ? [ALL_FAILED] : fewRequests(run.completed ?? null)),
      ...rateLimit(run),
      ...(row.latency.some(figure => figure.metric === 'itl') ? [PER_CHUNK] : []),
    ],
    warnings,
  });
};
