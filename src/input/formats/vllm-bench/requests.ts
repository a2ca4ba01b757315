import { PER_CHUNK, type RequestTimes, requestSeries } from '#input/series/request-series';
import { WarningCounter } from '#input/text/warning-counter';
import { nsOfSeconds } from '#input/time/nanoseconds';
import type { RequestSeries } from '#schema/relation';
import { anchor } from './clock.ts';
import type { Detail } from './columns.ts';
import type { Document } from './document.ts';
import { endToEnd } from './durations.ts';
import { rateLimit } from './summary.ts';

/** The requests of a run that was written with their start times. */
export const requestsOf = ({ run, details, warnings }: Document, format: string, source: string): RequestSeries => {
  const counter = new WarningCounter('request');
  const { clock, ns, limits } = anchor(run, details);
  const requests = details.flatMap((detail, i): RequestTimes[] => {
    if (detail.start === undefined || detail.start === 0) {
      counter.note('it has no start time, so it was left out', i + 1);
      return [];
    }
    return [timesOf(detail, detail.start, i, ns)];
  });
  const itls = details.some(detail => (detail.itls?.length ?? 0) > 0) ? [PER_CHUNK] : [];
  return requestSeries(requests, { format, source, clock, limits: [...limits, ...rateLimit(run), ...itls], warnings }, counter);
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
    itl_ms: detail.itls === undefined ? null : Float32Array.from(detail.itls, seconds => seconds * 1000),
    status: detail.failed ? 'failed' : 'ok',
  };
};
