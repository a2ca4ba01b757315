// Format: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding with the spans of vLLM (vllm/tracing: name llm_request, attributes
// gen_ai.*); https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/exporter/fileexporter writes one export a line; a
// sink, or jq -s, stores several as one array

import { type RequestTimes, requestSeries } from '#input/series/request-series';
import { badRecord } from '#input/text/bad-record';
import { WarningCounter } from '#input/text/warning-counter';
import { clockOf, extent, RELATIVE_LIMIT } from '#input/time/nanoseconds';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { isRequest, toRequest } from './request.ts';
import { readSpans } from './spans.ts';

const ID = 'otlp-spans';
/** vLLM keeps the arrival as seconds in a double, which today are 2^-22 s apart; written in ns they come in steps of 256. */
const ROUNDING_MS = 256e-6;
const SERVER_SIDE = 'Spans are of the server: what passed on the way to it and back is not in them.';

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'OpenTelemetry spans of vLLM (OTLP JSON)',
  extensions: ['.json', '.jsonl'],
  keys: ['resourceSpans', 'scopeSpans', 'spans', 'startTimeUnixNano', 'endTimeUnixNano'],
  sniff: head => /^\ufeff?\s*(?:\[\s*)?\{/.test(head) && head.includes('"resourceSpans"'),
  parse: (text, source): RequestSeries => {
    const [spans, counter] = [new WarningCounter(), new WarningCounter('request')];
    const requests: RequestTimes[] = [];
    let others = 0;
    for (const span of readSpans(text, source, spans)) {
      if (isRequest(span)) requests.push(toRequest(span, requests.length + 1));
      else others += 1;
    }
    if (requests.length === 0)
      throw badRecord(
        { source },
        `none of its ${others} spans is a request with gen_ai attributes`,
        'Export the spans of vLLM (--otlp-traces-endpoint).',
      );
    const clock = clockOf(extent(requests.map(request => request.arrival))?.min ?? 0n);
    const limits = [...(clock.kind === 'relative' ? [RELATIVE_LIMIT] : []), SERVER_SIDE];
    const passed = others === 0 ? [] : [`${others} spans are no requests (no gen_ai attributes) and were left out.`];
    const parts = { format: ID, source, clock: clock.kind === 'epoch' ? { ...clock, uncertainty_ms: ROUNDING_MS } : clock, limits };
    return requestSeries(requests, { ...parts, warnings: [...spans.sentences(), ...passed] }, counter);
  },
});
