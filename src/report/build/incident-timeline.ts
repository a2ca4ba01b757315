import { getOrCompute } from '#core/get-or-compute';
import type { Ms, Ns } from '#core/units';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { Incident } from '#schema/incident';
import {
  type IncidentTimeline,
  MOST_BARS,
  MOST_TRACKS,
  type TimelineBar,
  TimelineKind,
  type TimelineTrack,
  TRACK_ORDER,
} from '#schema/incident-timeline';
import type { Row } from '#trace/queries/index.gen';
import type { TraceSource } from '#trace/source';
import type { Facts } from './facts.ts';
import { mergeBars } from './merge-bars.ts';

/** Shown to each side of an incident, as a share of its length. */
const AROUND = 0.5;
/** Across a page: what is shorter than one of so many parts of the drawing is less than a pixel wide. */
const PIXELS = 800;
/** Threads shown: the one that launches most, the one at the root, and the one that waited for it. */
const MOST_THREADS = 3;
/** Streams shown, the busiest: a thread may have three tracks beside them. */
const MOST_STREAMS = MOST_TRACKS - 3 * MOST_THREADS;

const NS_PER_MS = 1e6;
const inMs = (t: Ns): Ms => t / NS_PER_MS;

type Work = Row<'stream_work'> | Row<'thread_work'>;
type Whose = Omit<TimelineTrack, 'bars'>;

const barOf = (row: Work): TimelineBar => ({
  kind: TimelineKind.parse(row.kind),
  name: row.name,
  operations: row.operations,
  start_ms: inMs(row.start_ns),
  end_ms: inMs(row.end_ns),
  busy_ms: inMs(row.busy_ns),
});

const whoseOf = (row: Work): Whose =>
  'stream_id' in row
    ? { shows: 'stream', process: row.pid, device: row.device_id, number: row.stream_id }
    : { shows: TRACK_ORDER.find(t => t === row.kind) ?? 'os', process: row.pid, device: null, number: row.thread_id };

/** Rows as tracks, one for each stream and for each kind of call of a thread, in the order in which they first come. */
function tracksOf(rows: readonly Work[]): TimelineTrack[] {
  const tracks = new Map<string, TimelineTrack>();
  for (const row of rows) {
    const whose = whoseOf(row);
    getOrCompute(tracks, JSON.stringify(whose), () => ({ ...whose, bars: [] })).bars.push(barOf(row));
  }
  return [...tracks.values()];
}

const busyMs = ({ bars }: TimelineTrack): Ms => bars.reduce((sum, b) => sum + b.busy_ms, 0);

/** The threads that matter: who launches most, who is at the root, who waited. */
function threadsOf(incident: ExplainedStall, launching: IncidentTimeline['launching']): readonly number[] {
  const [main] = incident.causes;
  const all = [launching[0]?.thread, main?.root?.thread, main?.symptom?.thread, ...launching.slice(1).map(l => l.thread)];
  return [...new Set(all.filter(t => t !== undefined))].slice(0, MOST_THREADS);
}

/**
 * What streams, the launching thread and the thread at the root did in an incident and around it.
 * @param window what the trace covers
 * @returns null where the trace holds none of it
 */
export function incidentTimeline(source: TraceSource, incident: ExplainedStall, window: readonly [Ns, Ns]): IncidentTimeline | null {
  const room = AROUND * (incident.end - incident.start);
  const from_ns = Math.floor(Math.max(window[0], incident.start - room));
  const to_ns = Math.ceil(Math.min(window[1], incident.end + room));
  const merge_ns = Math.max(1, Math.ceil((to_ns - from_ns) / PIXELS));
  const stretch = { from_ns, to_ns };

  const launched = source.ask('launching_thread', { ...stretch, top: MOST_THREADS });
  const launching = (launched.ok ? launched.rows : []).map(({ pid, thread_id, ...row }) => ({ process: pid, thread: thread_id, ...row }));
  const [first, second, third] = threadsOf(incident, launching);
  const others = { ...(second === undefined ? {} : { second_thread: second }), ...(third === undefined ? {} : { third_thread: third }) };
  const threads = first === undefined ? undefined : { ...stretch, merge_ns, thread_id: first, ...others };

  const ran = source.ask('stream_work', { ...stretch, merge_ns });
  const called = threads === undefined ? undefined : source.ask('thread_work', threads);
  const streams = tracksOf(ran.ok ? ran.rows.filter(row => row.stream_id >= 0) : []).toSorted((a, b) => busyMs(b) - busyMs(a));
  const calls = tracksOf(called?.ok ? called.rows : []).toSorted((a, b) => TRACK_ORDER.indexOf(a.shows) - TRACK_ORDER.indexOf(b.shows));
  const shown = [...streams.slice(0, MOST_STREAMS), ...calls].slice(0, MOST_TRACKS);
  if (shown.length === 0) return null;
  const bars = mergeBars(
    shown.map(t => t.bars),
    inMs(merge_ns),
    MOST_BARS,
  );
  return {
    start_ms: inMs(from_ns),
    end_ms: inMs(to_ns),
    launching,
    tracks: shown.map((track, k) => ({ ...track, bars: [...(bars[k] ?? [])] })),
    tracks_left_out: streams.length + calls.length - shown.length,
    by_hand: [
      { query: 'stream_work', params: stretch },
      ...(threads === undefined ? [] : [{ query: 'thread_work', params: { ...stretch, thread_id: first ?? -1, ...others } }]),
    ],
  };
}

/** Incidents that are drawn, at most: each takes room in the page. */
const MOST_DRAWN = 5;
/** Rows that the drawings' queries may look at, all together; beyond it only the worst incident is drawn. */
const ROWS_LOOKED_AT = 2e6;
/** Relations of about the trace's size that one drawing looks through: launches, streams, calls. */
const LOOKS_EACH = 3;

/** Draws the worst incidents. @param rows of the same incidents, in their order @param traceRows operations and CUDA calls of the trace */
export function withTimelines(
  rows: readonly Omit<Incident, 'timeline'>[],
  incidents: readonly ExplainedStall[],
  { source, traceRows, window }: Pick<Facts, 'source' | 'traceRows' | 'window'>,
): Incident[] {
  const room = Math.floor(ROWS_LOOKED_AT / Math.max(1, traceRows * LOOKS_EACH));
  const worst = rows.toSorted((a, b) => b.excess_ms - a.excess_ms || a.start_ms - b.start_ms);
  const drawn = new Set(worst.slice(0, Math.max(1, Math.min(MOST_DRAWN, room))).map(r => r.id));
  return rows.map((row, k) => {
    const incident = drawn.has(row.id) ? incidents[k] : undefined;
    return { ...row, timeline: incident === undefined ? null : incidentTimeline(source, incident, window) };
  });
}
