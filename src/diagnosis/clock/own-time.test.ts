import { expect, test } from 'vitest';
import { EMPTY_HOST } from '#input/series/empty-rows';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { Clock, RequestRow } from '#schema/relation';
import { ownTime } from './own-time.ts';

const NO_CORRECTION = { requestsOffsetMs: undefined, zoneHours: undefined, alignAuto: false, pairs: [] };
const EPOCH: Clock = { kind: 'epoch', uncertainty_ms: 0 };
const ZONELESS: Clock = { kind: 'zoneless', uncertainty_ms: 0 };
const RELATIVE: Clock = { kind: 'relative' };
const MONDAY = 1_795_300_000_000_000_000n;

const told = { format: 'x', limits: [], warnings: [] };
const file = (path: string, series: SeriesFile['series']): SeriesFile => ({ path, sha256: '', bytes: 0, series });
const host = (clock: Clock, origin_ns = MONDAY) =>
  file('host.csv', { ...told, kind: 'host', clock, origin_ns, rows: [0, 100, 5000].map(t_ms => ({ ...EMPTY_HOST, t_ms })) });
const request: RequestRow = {
  ...{ id: 'a', intended_ms: null, arrival_ms: 1000, scheduled_ms: null, first_token_ms: null, finish_ms: 3000 },
  ...{ prompt_tokens: null, output_tokens: null, itl_ms: null, status: 'ok' },
};
const requests = (clock: Clock) => file('load.jsonl', { ...told, kind: 'requests', clock, origin_ns: MONDAY, rows: [request] });

test('the load test’s own epoch times are the clock, from its first arrival on', () =>
  expect(ownTime([host(EPOCH), requests(EPOCH)], NO_CORRECTION)).toEqual({ session: MONDAY + 1_000_000_000n, window: [0, 2e9] }));
test('where it tells none, those of the samples are', () =>
  expect(ownTime([requests(RELATIVE), host(EPOCH)], NO_CORRECTION)).toEqual({ session: MONDAY, window: [0, 5e9] }));
test('local times with a zone are as good', () =>
  expect(ownTime([requests(RELATIVE), host(ZONELESS)], { ...NO_CORRECTION, zoneHours: 2 })).toMatchObject({
    session: MONDAY - 7_200_000_000_000n,
  }));
test('an epoch goes before a local time without a zone', () =>
  expect(ownTime([requests(ZONELESS), host(EPOCH)], NO_CORRECTION).session).toBe(MONDAY));
test('where nothing tells the time of day nothing can be laid beside anything', () =>
  expect(() => ownTime([requests(RELATIVE), host({ kind: 'monotonic', uncertainty_ms: 0 })], NO_CORRECTION)).toThrow(
    /^nothing in load\.jsonl, host\.csv says at what time of day it was written/,
  ));
