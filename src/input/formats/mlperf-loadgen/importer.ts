// Format: https://github.com/mlcommons/inference/tree/master/loadgen (logging.cc, results.cc: mlperf_log_detail.txt, lines of :::MLLOG and
// JSON, of version 1 and later; and mlperf_log_summary.txt). Aggregates of one run, with its window.

import { AGGREGATES_ONLY, NO_END_MARK, NO_STARTS, summarySeries } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { head, type Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { localTime } from '#input/time/local-time';
import { msSince } from '#input/time/nanoseconds';
import { ZONELESS_LIMIT } from '#input/time/sample-clock';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { toRun } from './detail.ts';
import { type Entries, readDetailLog } from './detail-log.ts';
import { readSummaryText } from './summary-text.ts';

const ID = 'mlperf-loadgen';
const HINT = 'Give mlperf_log_detail.txt or mlperf_log_summary.txt as LoadGen wrote it.';
const SUMMARY = /^\ufeff?\s*=+\s*MLPerf Results Summary\s*=+/;
const HEAD_CHARS = 4096;
const FROM_SCHEDULE = 'Latency runs from when LoadGen meant to send a request, so waiting in the load generator is part of it.';
const WINDOW = `${ZONELESS_LIMIT} LoadGen writes power_begin and power_end in UTC; its test_datetime is local time, though it ends in Z.`;
const NO_WINDOW = 'It tells no time of day, so it says nothing about when the run was.';
/** The last result of a run whose tokens are timed. */
const LAST_RESULT = 'result_completed_tokens_per_second';

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'MLPerf LoadGen log',
  extensions: ['.txt'],
  sniff: start => SUMMARY.test(start) || /^(?:.{0,200})?:::MLLOG \{.*"mlperf::logging"/m.test(start),
  parse: (text, source): SummarySeries => (SUMMARY.test(head(text, HEAD_CHARS)) ? fromSummary(text, source) : fromDetail(text, source)),
});

const fromDetail = (text: Text, source: string): SummarySeries => {
  const counter = new WarningCounter();
  const entries = readDetailLog(text, source, counter);
  if (entries.size === 0) throw badRecord({ source }, 'it holds no entry of LoadGen', HINT);
  const [begin, end] = ['power_begin', 'power_end'].map(key => timeAt(entries, key, source));
  const origin = begin ?? end;
  const row = {
    ...toRun(entries),
    start_ms: begin === undefined || origin === undefined ? null : msSince(origin.ns, begin.ns),
    end_ms: end === undefined || origin === undefined ? null : msSince(origin.ns, end.ns),
  };
  return summarySeries({
    format: ID,
    ...(origin === undefined ? {} : { clock: origin.clock, origin_ns: origin.ns }),
    rows: [row],
    limits: [NO_STARTS, AGGREGATES_ONLY, FROM_SCHEDULE, origin === undefined ? NO_WINDOW : WINDOW],
    warnings: [...counter.sentences(), ...invalid(entries.get('result_validity')), ...(entries.has(LAST_RESULT) ? [] : [NO_END_MARK])],
  });
};

const timeAt = (entries: Entries, key: string, source: string) => {
  const value = entries.get(key);
  if (value === undefined) return undefined;
  const time = localTime(`${value}`);
  if (time === undefined) throw badRecord({ source, field: key }, `"${value}" is not a time like 07-17-2024 20:58:36.235`, HINT);
  return time;
};

const fromSummary = (text: Text, source: string): SummarySeries => {
  const { row, validity, whole } = readSummaryText(text, source);
  if (validity === undefined && row.latency.length === 0) throw badRecord({ source }, 'it holds no result', HINT);
  const warnings = [...invalid(validity), ...(whole ? [] : [NO_END_MARK])];
  return summarySeries({ format: ID, rows: [row], limits: [NO_STARTS, AGGREGATES_ONLY, FROM_SCHEDULE, NO_WINDOW], warnings });
};

const invalid = (validity: unknown): string[] =>
  validity === undefined || validity === 'VALID' ? [] : [`LoadGen judged the run ${JSON.stringify(validity)}, not VALID.`];
