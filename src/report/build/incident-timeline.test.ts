import { expect, test } from 'vitest';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import { MOST_BARS } from '#schema/incident-timeline';
import type { TraceSource } from '#trace/source';
import { stallOf } from './facts.test-data.ts';
import { incidentTimeline } from './incident-timeline.ts';

const MS = 1e6;
type Asked = { readonly name: string; readonly params: unknown };

/** A trace that answers queries with given rows. */
function sourceOf(rows: Readonly<Record<string, readonly object[]>>, asked: Asked[] = []): TraceSource {
  const ask = (name: string, params: unknown) => {
    asked.push({ name, params });
    return rows[name] === undefined ? { ok: false, missing: ['not recorded'] } : { ok: true, rows: rows[name] };
  };
  return { ask } as unknown as TraceSource;
}
const ran = (stream_id: number, start: number, end: number, kind = 'kernel') => ({
  ...{ pid: 1, device_id: 0, stream_id, kind, name: 'gemm', operations: 1 },
  ...{ start_ns: start * MS, end_ns: end * MS, busy_ns: (end - start) * MS },
});
const called = (thread_id: number, kind: string, start: number, end: number) => ({
  ...{ pid: 1, thread_id, kind, name: 'call', operations: 1, start_ns: start * MS, end_ns: end * MS, busy_ns: (end - start) * MS },
});
const launcher = { pid: 1, thread_id: 10, launches: 7, thread_name: 'engine', process_name: 'python3' };
const incident = stallOf(100, 300, { 'host-compute': 200 });
const window = [0, 1000 * MS] as const;

test('half its length is shown to each side, as far as the trace goes', () => {
  const source = sourceOf({ stream_work: [ran(7, 0, 1)] });
  expect(incidentTimeline(source, incident, window)).toMatchObject({ start_ms: 0, end_ms: 400 });
  expect(incidentTimeline(source, stallOf(400, 600, { queueing: 1 }), window)).toMatchObject({ start_ms: 300, end_ms: 700 });
});

test('streams come first, the busiest at the top; then ranges, CUDA calls and calls of the system of the thread that launches', () => {
  const asked: Asked[] = [];
  const calls = [called(10, 'os', 150, 200), called(10, 'api', 100, 150), called(10, 'nvtx', 90, 300)];
  const source = sourceOf(
    { launching_thread: [launcher], stream_work: [ran(9, 10, 11), ran(7, 20, 300, 'copy')], thread_work: calls },
    asked,
  );
  const timeline = incidentTimeline(source, incident, window);
  expect(timeline?.tracks.map(t => [t.shows, t.number])).toEqual([
    ['stream', 7],
    ['stream', 9],
    ['nvtx', 10],
    ['api', 10],
    ['os', 10],
  ]);
  expect(timeline?.launching).toEqual([{ process: 1, thread: 10, launches: 7, thread_name: 'engine', process_name: 'python3' }]);
  expect(asked.find(a => a.name === 'thread_work')?.params).toMatchObject({ thread_id: 10, from_ns: 0, to_ns: 400 * MS });
});

test('who held everybody up and who waited for that are drawn beside who launches', () => {
  const at = (thread: number) => ({ process: 1, thread, call: '' });
  const [cause] = incident.causes;
  const waited: ExplainedStall = { ...incident, causes: cause === undefined ? [] : [{ ...cause, root: at(20), symptom: at(10) }] };
  const asked: Asked[] = [];
  incidentTimeline(sourceOf({ launching_thread: [launcher], stream_work: [ran(7, 0, 1)], thread_work: [] }, asked), waited, window);
  expect(asked.find(a => a.name === 'thread_work')?.params).toMatchObject({ thread_id: 10, second_thread: 20 });
});

test('however much ran, the bars are few, and no operation is lost', () => {
  const many = Array.from({ length: 20_000 }, (_, k) => ran(k % 12, k / 100, k / 100 + 0.004));
  const timeline = incidentTimeline(sourceOf({ stream_work: many }), incident, window);
  const bars = timeline?.tracks.flatMap(t => t.bars) ?? [];
  expect(bars.length).toBeLessThanOrEqual(MOST_BARS);
  expect(timeline?.tracks.length).toBe(7);
  expect(timeline?.tracks_left_out).toBe(5);
  expect(bars.reduce((n, b) => n + b.operations, 0)).toBe(many.filter((_, k) => k % 12 < 7).length);
});

test('where the trace holds nothing of it there is nothing to draw', () => {
  expect(incidentTimeline(sourceOf({}), incident, window)).toBeNull();
});
