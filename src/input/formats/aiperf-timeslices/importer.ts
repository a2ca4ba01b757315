// Format: https://docs.nvidia.com/aiperf (profile_export_aiperf_timeslices.json of AIPerf with --slice-duration; seen: as InferenceX publishes
// it, 2026). One entry for each stretch of the run, each with the metrics of profile_export_aiperf.json.

import { z } from 'zod';
import { namedFigures } from '#input/series/latency-figures';
import { AGGREGATES_ONLY, NO_STARTS, notRead, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { jsonValues } from '#input/text/json-values';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { extent, isEpochNs, msSince, RELATIVE_LIMIT } from '#input/time/nanoseconds';
import { msIn } from '#input/time/time-units';
import type { LatencyFigure, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'aiperf-timeslices';
const HINT = 'Give profile_export_aiperf_timeslices.json as AIPerf wrote it.';
/** A double of today's date in ns is rounded to 256 of them. */
const ROUNDING_MS = 256e-6;
const LATENCIES = { request_latency: 'e2e', time_to_first_token: 'ttft', inter_token_latency: 'tpot', inter_chunk_latency: 'itl' } as const;
const isLatency = (name: string): name is keyof typeof LATENCIES => Object.hasOwn(LATENCIES, name);
const COUNTS: ReadonlySet<string> = new Set(['request_count', 'error_request_count', 'min_request_timestamp', 'max_response_timestamp']);

const Metric = z.looseObject({ unit: z.string(), avg: z.number().optional(), count: z.int().nonnegative().optional() });
const stamp = z.number().nonnegative().max(4.2e18);
const Slice = z.object({ start_ns: stamp, end_ns: stamp }).catchall(z.unknown());
type Slice = z.infer<typeof Slice>;

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'AIPerf timeslices (JSON)',
  extensions: ['.json'],
  keys: ['timeslices', 'start_ns', 'end_ns'],
  sniff: head => /^\ufeff?\s*\{\s*"timeslices"\s*:/.test(head),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter('document');
    const slices = Array.from(jsonValues(text, source, ['$.timeslices.*'], counter), ({ path, value }) =>
      validate(Slice, value, { source, path: path.join('.') }, HINT),
    );
    const origin_ns = extent(slices.map(({ start_ns }) => BigInt(start_ns)))?.min;
    if (origin_ns === undefined) throw badRecord({ source }, 'it holds no timeslice', HINT);
    const windows = slices.map((slice, i) => windowOf(slice, origin_ns, { source, path: `timeslices.${i}` }));
    const isEpoch = isEpochNs(origin_ns);
    const unread = slices.flatMap(slice => Object.keys(slice).filter(name => isUnread(name, slice[name])));
    return summarySeries({
      format: ID,
      clock: isEpoch ? { kind: 'epoch', uncertainty_ms: ROUNDING_MS } : { kind: 'relative' },
      origin_ns,
      rows: [{ ...UNTOLD, label: 'timeslices', windows: windows.toSorted((a, b) => a.start_ms - b.start_ms) }],
      limits: [NO_STARTS, AGGREGATES_ONLY, ...(isEpoch ? [] : [RELATIVE_LIMIT]), ...notRead(unread)],
      warnings: counter.sentences(),
    });
  },
});

const isUnread = (name: string, value: unknown): boolean => Metric.safeParse(value).success && !isLatency(name) && !COUNTS.has(name);

const windowOf = (slice: Slice, origin: bigint, at: { readonly source: string; readonly path: string }) => {
  const metric = (name: string) => {
    const value = slice[name];
    return value === undefined || value === null ? undefined : validate(Metric, value, { ...at, path: `${at.path}.${name}` }, HINT);
  };
  if (slice.end_ns < slice.start_ns) throw badRecord({ source: at.source, field: at.path }, 'it ends before it begins', HINT);
  const whole = (name: string) => {
    const value = metric(name)?.avg;
    return value ?? null;
  };
  return {
    start_ms: msSince(origin, BigInt(slice.start_ns)),
    length_ms: msSince(BigInt(slice.start_ns), BigInt(slice.end_ns)),
    tag: null,
    requests: whole('request_count'),
    failures: whole('error_request_count'),
    latency: Object.entries(LATENCIES).flatMap(([name, of]): LatencyFigure[] => {
      const told = metric(name);
      if (told === undefined) return [];
      const { unit, count = null, ...statistics } = told;
      const scale = msIn(unit);
      if (scale === undefined)
        throw badRecord({ source: at.source, field: `${at.path}.${name}.unit` }, `"${unit}" is not a unit of time`, HINT);
      return namedFigures(of, statistics, scale, count);
    }),
  };
};
