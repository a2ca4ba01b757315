// Format: https://github.com/tsenart/vegeta#json — one result a line, as `vegeta encode` writes them (lib/results.go, type Result).
import { z } from 'zod';
import { hitOf, isLatency, VEGETA_HINT, VEGETA_LIMITS } from '#input/formats/shared/vegeta';
import { type Hit, hitSeries } from '#input/series/http-hits';
import { badRecord, quote } from '#input/text/bad-record';
import { jsonLines } from '#input/text/json-lines';
import { firstLines } from '#input/text/table';
import { validate } from '#input/text/validate';
import { WarningCounter } from '#input/text/warning-counter';
import { parseRfc3339 } from '#input/time/timestamp';
import type { RequestSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'vegeta-json';
const KEYS = /"(?:attack|seq|code|timestamp|latency|bytes_out|bytes_in)"\s*:/g;
const KEY_COUNT = 7;

/** Nanoseconds, exact as doubles up to 104 days. */
const Result = z.object({
  attack: z.string().default(''),
  seq: z.int().nonnegative(),
  code: z.int().nonnegative(),
  timestamp: z.string(),
  latency: z.int().refine(ns => isLatency(BigInt(ns)), 'it must be a latency in nanoseconds'),
  error: z.string().default(''),
});

export default defineImporter({
  id: ID,
  kind: 'requests',
  title: 'vegeta results (JSON)',
  extensions: ['.json', '.ndjson'],
  keys: ['attack', 'seq', 'code', 'timestamp', 'latency', 'bytes_out'],
  sniff: head => firstLines(head).some(line => line.trimStart().startsWith('{') && new Set(line.match(KEYS)).size === KEY_COUNT),
  parse: (text, source): RequestSeries => {
    const counter = new WarningCounter();
    const hits: Hit[] = [];
    for (const { line, value } of jsonLines(text, source, counter, { hint: VEGETA_HINT })) hits.push(toHit(value, line, source));
    return hitSeries(hits, { format: ID, source, clock: { kind: 'epoch', uncertainty_ms: 0 }, limits: VEGETA_LIMITS }, counter);
  },
});

const toHit = (json: unknown, line: number, source: string): Hit => {
  const { attack, seq, code, timestamp, latency, error } = validate(Result, json, { source, line }, VEGETA_HINT);
  const start = parseRfc3339(timestamp);
  if (start !== undefined) return hitOf(line, start.ns, { attack, seq: String(seq), code, latency_ns: BigInt(latency), error });
  throw badRecord({ source, line, field: 'timestamp' }, `${quote(timestamp)} is not a time with a zone`, VEGETA_HINT);
};
