import type { Ns } from '#core/units';
import type { TraceEvent } from './chrome-trace.ts';
import { lanesOf } from './lanes.ts';

/** What is drawn as one box. */
export interface Box {
  readonly start: Ns;
  readonly end: Ns;
  readonly name: string;
  readonly kind: string;
  readonly args: Readonly<Record<string, string | number | boolean | null>>;
}

/** Boxes that belong under one heading; where they overlap, it has several tracks. */
export interface Track {
  readonly title: string;
  readonly boxes: readonly Box[];
}

/** Values over time under one heading. */
export interface CounterTrack {
  readonly title: string;
  readonly points: readonly { readonly at: Ns; readonly value: number }[];
}

/** Tracks that belong together: a GPU, a process, the requests. */
export interface Group {
  readonly title: string;
  readonly tracks: readonly Track[];
  readonly counters: readonly CounterTrack[];
}

const US: Ns = 1000;

function* namesOf(pid: number, tid: number, of: 'process' | 'thread', name: string, place: number): Generator<TraceEvent> {
  yield of === 'process'
    ? { ph: 'M', pid, tid, name: 'process_name', args: { name } }
    : { ph: 'M', pid, tid, name: 'thread_name', args: { name } };
  yield of === 'process'
    ? { ph: 'M', pid, tid, name: 'process_sort_index', args: { sort_index: place } }
    : { ph: 'M', pid, tid, name: 'thread_sort_index', args: { sort_index: place } };
}

/** The events of groups, one after the other: each is a process to a viewer, each of its tracks a thread. */
export function* eventsOf(groups: readonly Group[]): Generator<TraceEvent> {
  for (const [g, { title, tracks, counters }] of groups.entries()) {
    const pid = g + 1;
    yield* namesOf(pid, 0, 'process', title, g);
    let tid = 0;
    for (const { title: name, boxes } of tracks) {
      const lanes = lanesOf(boxes);
      const first = tid + 1;
      const count = lanes.reduce((most, lane) => Math.max(most, lane + 1), 0);
      for (let lane = 0; lane < count; lane++)
        yield* namesOf(pid, first + lane, 'thread', lane === 0 ? name : `${name} (${lane + 1})`, first + lane);
      tid += count;
      for (const [i, { start, end, name: of, kind, args }] of boxes.entries())
        yield {
          ph: 'X',
          pid,
          tid: first + (lanes[i] ?? 0),
          ts: start / US,
          dur: (end - start) / US,
          name: of,
          cat: kind,
          args: { ...args },
        };
    }
    for (const { title: name, points } of counters)
      for (const { at, value } of points) yield { ph: 'C', pid, ts: at / US, name, args: { value } };
  }
}
