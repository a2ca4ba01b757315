// Format: https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/perf_analyzer/docs/cli.html (profile_export.json of
// perf_analyzer and genai-perf: experiments with requests; stamps in ns)

import { z } from 'zod';
import { PER_CHUNK, type RequestTimes, requestSeries } from '#input/series/request-series';
import { jsonValues } from '#input/text/json-values';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { clockOf, extent, msSince, RELATIVE_LIMIT } from '#input/time/nanoseconds';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'genai-perf';
/** Doubles of today's ns since 1970 are 256 ns apart: the document is read piece by piece, with its numbers as doubles. */
const ROUNDING_MS = 256e-6;
const ROUNDED = 'Stamps are rounded to 256 ns.';
const END_MARK = 'The end is the last response, which may be an empty end mark.';

/** No stamp of any clock in ns needs more. */
const stamp = z
  .number()
  .nonnegative()
  .max(1e19)
  .transform(ns => BigInt(Math.round(ns)));
const Request = z.object({ timestamp: stamp, response_timestamps: z.array(stamp) });

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'genai-perf or perf_analyzer profile_export.json',
  extensions: ['.json'],
  keys: ['experiments', 'requests', 'timestamp', 'response_timestamps', 'service_kind'],
  sniff: head =>
    /^\ufeff?\s*\{/.test(head) &&
    head.includes('"experiments"') &&
    (head.includes('"response_timestamps"') || head.includes('"service_kind"')),
  parse: (text, source): RequestSeries => {
    const [cut, counter] = [new WarningCounter('document'), new WarningCounter('request')];
    const requests: RequestTimes[] = [];
    for (const { path, value } of jsonValues(text, source, ['$.experiments.*.requests.*'], cut)) {
      const way = path.join('.');
      const [, experiment, , index] = path;
      const request = validate(Request, value, { source, path: way }, 'Give the file as genai-perf wrote it.');
      requests.push(toRequest(request, `${experiment}.${index}`, requests.length + 1));
    }
    const clock = clockOf(extent(requests.map(request => request.arrival))?.min ?? 0n);
    const streamed = requests.some(request => (request.itl_ms?.length ?? 0) > 0);
    const limits = [...(clock.kind === 'epoch' ? [ROUNDED] : [RELATIVE_LIMIT]), ...(streamed ? [PER_CHUNK, END_MARK] : [])];
    const parts = {
      format: ID,
      source,
      clock: clock.kind === 'epoch' ? { ...clock, uncertainty_ms: ROUNDING_MS } : clock,
      limits,
      warnings: cut.sentences(),
    };
    return requestSeries(requests, parts, counter);
  },
});

const toRequest = ({ timestamp, response_timestamps }: z.infer<typeof Request>, id: string, place: number): RequestTimes => {
  const responses = response_timestamps.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return {
    id,
    place,
    intended: null,
    arrival: timestamp,
    scheduled: null,
    // One response is the whole answer: then nothing tells when its first token came.
    firstToken: responses.length > 1 ? (responses[0] ?? null) : null,
    finish: responses.at(-1) ?? null,
    prompt_tokens: null,
    output_tokens: null,
    itl_ms: responses.length > 1 ? Float32Array.from(responses.slice(1), (ns, i) => msSince(responses[i] ?? ns, ns)) : null,
    status: responses.length === 0 ? 'failed' : 'ok',
  };
};
