// Format: https://github.com/ai-dynamo/aiperf/blob/main/docs/tutorials/working-with-profile-exports.md (profile_export.jsonl of AIPerf)

import { PER_CHUNK, type RequestTimes, requestSeries } from '#input/series/request-series';
import { parseExact } from '#input/text/exact-json';
import { jsonLines } from '#input/text/json-lines';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { clockOf, extent, RELATIVE_LIMIT } from '#input/time/nanoseconds';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { toRequest } from './record.ts';
import { AiperfRecord } from './schema.ts';

const ID = 'aiperf-jsonl';
const MEASURED = 'profiling';

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'AIPerf profile_export.jsonl',
  extensions: ['.jsonl'],
  keys: ['metadata', 'metrics', 'request_start_ns', 'request_end_ns', 'credit_issued_ns'],
  sniff: head => /^\ufeff?\s*\{/.test(head) && head.includes('"request_start_ns"') && head.includes('"benchmark_phase"'),
  parse: (text, source): RequestSeries => {
    const counter = new WarningCounter();
    const requests: RequestTimes[] = [];
    for (const { line, value } of jsonLines(text, source, counter, { parse: parseExact })) {
      const record = validate(AiperfRecord, value, { source, line }, 'Give the file as AIPerf wrote it.');
      const { benchmark_phase } = record.metadata;
      if (benchmark_phase === MEASURED) requests.push(toRequest(record, line, source));
      else counter.note('the request is not of the profiling phase, so it was left out', line, benchmark_phase);
    }
    const clock = clockOf(extent(requests.map(request => request.arrival))?.min ?? 0n);
    const limits = [
      ...(clock.kind === 'relative' ? [RELATIVE_LIMIT] : []),
      ...(requests.some(request => request.itl_ms !== null) ? [PER_CHUNK] : []),
    ];
    return requestSeries(requests, { format: ID, source, clock, limits, warnings: [] }, counter);
  },
});
