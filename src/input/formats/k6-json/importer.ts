// Format: https://grafana.com/docs/k6/latest/results-output/real-time/json/ — the points of http_req_duration; other metrics are left out.
import { z } from 'zod';
import { hitOf, isDuration, K6_LIMITS, NO_K6_REQUESTS } from '#input/formats/shared/k6';
import { type Hit, hitSeries } from '#input/series/http-hits';
import { badRecord, quote, secondResult } from '#input/text/bad-record';
import { jsonLines } from '#input/text/json-lines';
import type { Line } from '#input/text/lines';
import { firstLines } from '#input/text/table';
import type { Text } from '#input/text/text';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { parseRfc3339 } from '#input/time/timestamp';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'k6-json';
const DURATION = 'http_req_duration';
const Tag = z.string().optional();
const Point = z.object({
  type: z.literal('Point'),
  metric: z.literal(DURATION),
  data: z.object({
    time: z.string(),
    value: z.number().refine(isDuration, 'it must be a duration in milliseconds'),
    tags: z.object({ expected_response: Tag, status: Tag, error_code: Tag }).nullish(),
  }),
});
/** A line is a point or the declaration of a metric; each names its metric. */
const LINE = [/^\s*\{/, /"type"\s*:\s*"(?:Point|Metric)"/, /"metric"\s*:\s*"/, /"data"\s*:\s*\{/];

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'k6 points (--out json)',
  extensions: ['.json', '.ndjson'],
  keys: ['type', 'metric', 'data', 'time', 'value', 'tags'],
  sniff: head => firstLines(head).some(line => LINE.every(part => part.test(line))),
  parse: (text, source): RequestSeries => {
    const counter = new WarningCounter();
    const hits = readHits(text, source, counter);
    if (hits.length === 0) throw badRecord({ source }, `no request has ended in it (no point of ${DURATION})`, NO_K6_REQUESTS);
    return hitSeries(hits, { format: ID, source, clock: { kind: 'epoch', uncertainty_ms: 0 }, limits: K6_LIMITS }, counter);
  },
});

const readHits = (text: Text, source: string, counter: WarningCounter): Hit[] => {
  const hits: Hit[] = [];
  let runs = 0;
  // Nine points in ten are of other metrics: they are not read, which makes a large file ten times faster.
  const skips = ({ ended, text: json }: Line) => ended && json.startsWith('{') && !json.includes(DURATION);
  for (const { line, value } of jsonLines(text, source, counter, { skips, hint: NO_K6_REQUESTS }))
    if (isPoint(value)) hits.push(toHit(value, line, source));
    else if (isDeclaration(value) && ++runs > 1) throw secondResult({ source, line }, `k6 declares ${DURATION} a second time here`);
  return hits;
};

/** k6 declares each metric once in a run, before its first point. */
const isDeclaration = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && 'type' in json && json.type === 'Metric' && 'metric' in json && json.metric === DURATION;

const isPoint = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && 'type' in json && json.type === 'Point' && 'metric' in json && json.metric === DURATION;

const toHit = (json: unknown, line: number, source: string): Hit => {
  const { time, value, tags } = validate(Point, json, { source, line }, 'Mend or delete this line.').data;
  const end = parseRfc3339(time);
  if (end !== undefined) return hitOf(line, end.ns, value, tags ?? {});
  throw badRecord({ source, line, field: 'data.time' }, `${quote(time)} is not a time with a zone`, 'Mend or delete this line.');
};
