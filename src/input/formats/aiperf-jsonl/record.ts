import type { RequestTimes } from '#input/series/request-series';
import { badRecord } from '#input/text/bad-record';
import { nsOfMs } from '#input/time/nanoseconds';
import { msIn } from '#input/time/time-units';
import type { AiperfMetric, AiperfRecord } from './schema.ts';

/** The record of a line as a request; first token and end are the start plus the measured durations. */
export const toRequest = (record: AiperfRecord, line: number, source: string): RequestTimes => {
  const { metadata, metrics } = record;
  const durations = (name: 'time_to_first_token' | 'inter_chunk_latency' | 'request_latency'): number[] | null => {
    const metric = metrics?.[name];
    if (metric === undefined) return null;
    const scale = msIn(metric.unit);
    if (scale === undefined)
      throw badRecord(
        { source, line, field: `metrics.${name}.unit` },
        `"${metric.unit}" is not a unit of time`,
        'Give the file as AIPerf wrote it.',
      );
    return [metric.value].flat().map(value => value * scale);
  };
  const [toFirst] = durations('time_to_first_token') ?? [];
  const gaps = durations('inter_chunk_latency');
  const [latency] = durations('request_latency') ?? [];
  const arrival = metadata.request_start_ns;
  return {
    id: metadata.x_request_id ?? `${metadata.session_num ?? line}`,
    place: line,
    intended: metadata.credit_issued_ns,
    arrival,
    scheduled: null,
    firstToken: toFirst === undefined ? null : arrival + nsOfMs(toFirst),
    // The record ends when the client is done with it, which is later than the last token.
    finish: latency === undefined ? metadata.request_end_ns : arrival + nsOfMs(latency),
    prompt_tokens: count(metrics?.input_sequence_length) ?? count(metrics?.error_isl),
    output_tokens: count(metrics?.output_sequence_length),
    itl_ms: gaps === null ? null : Float32Array.from(gaps),
    status: statusOf(record),
  };
};

const count = (metric: AiperfMetric): number | null => (typeof metric?.value === 'number' ? metric.value : null);

const statusOf = ({ metadata, error }: AiperfRecord): RequestTimes['status'] => {
  if (metadata.was_cancelled === true) return 'unfinished';
  return error === null || error === undefined ? 'ok' : 'failed';
};
