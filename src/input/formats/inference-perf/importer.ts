// Format: https://github.com/kubernetes-sigs/inference-perf/blob/main/docs/reports.md (per_request_lifecycle_metrics.json: requests on
// time.perf_counter; stage_N and summary _lifecycle_metrics.json and _prometheus_metrics.json: aggregates)

import { PER_CHUNK, type RequestTimes, requestSeries } from '#input/series/request-series';
import { summarySeries } from '#input/series/summary-series';
import { jsonValues } from '#input/text/json-values';
import { head, type Text } from '#input/text/text';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { dateUnit } from '#input/time/nanoseconds';
import type { Clock, RequestSeries, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { toRequest } from './request.ts';
import { LifecycleRequest, StageReport } from './schema.ts';
import { readStage } from './stage.ts';

const ID = 'inference-perf';
const HINT = 'Give the file as inference-perf wrote it.';
const MONOTONIC =
  'Stamps are CLOCK_MONOTONIC of the host that ran the test (time.perf_counter): they meet a trace only with a pair of clock readings of the same boot, or by matching events.';
const LIST = /^\ufeff?\s*\[/;

export default defineImporter<'requests' | 'summary'>({
  id: ID,
  kind: 'summary',
  title: 'inference-perf lifecycle metrics (JSON)',
  extensions: ['.json'],
  keys: ['load_summary', 'successes', 'failures', 'request_latency'],
  sniff: start => {
    const has = (...keys: string[]) => keys.every(key => start.includes(`"${key}"`));
    if (LIST.test(start)) return /^\ufeff?\s*\[\s*\{/.test(start) && /"start_time"\s*:\s*\d/.test(start) && has('end_time', 'request');
    return /^\ufeff?\s*\{/.test(start) && has('load_summary', 'successes');
  },
  parse: (text, source): RequestSeries | SummarySeries =>
    LIST.test(head(text, 4096)) ? readRequests(text, source) : readReport(text, source),
});

const readRequests = (text: Text, source: string): RequestSeries => {
  const [cut, counter] = [new WarningCounter('document'), new WarningCounter('request')];
  const requests: RequestTimes[] = [];
  let epoch = false;
  for (const { path, value } of jsonValues(text, source, ['$.*'], cut)) {
    const record = validate(LifecycleRequest, value, { source, path: path.join('.') }, HINT);
    epoch ||= dateUnit(record.start_time) === 'seconds';
    requests.push(toRequest(record, requests.length));
  }
  const clock: Clock = { kind: epoch ? 'epoch' : 'monotonic', uncertainty_ms: 0 };
  const chunks = requests.some(request => request.itl_ms !== null) ? [PER_CHUNK] : [];
  return requestSeries(
    requests,
    { format: ID, source, clock, limits: [...(epoch ? [] : [MONOTONIC]), ...chunks], warnings: cut.sentences() },
    counter,
  );
};

const readReport = (text: Text, source: string): SummarySeries => {
  const cut = new WarningCounter('document');
  const parts: Record<string, unknown> = {};
  for (const { path, value } of jsonValues(text, source, ['$.load_summary', '$.successes', '$.failures'], cut))
    parts[path.join('.')] = value;
  const { row, limits } = readStage(validate(StageReport, parts, { source }, HINT));
  return summarySeries({ format: ID, rows: [row], limits, warnings: cut.sentences() });
};
