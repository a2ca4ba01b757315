import { max, min } from 'd3-array';
import { itemAt } from '#core/columns';
import type { PipelineSource } from '../source.ts';
import { sharedStarts } from './balance.ts';
import { type Choice, chooseSchedule } from './choose-schedule.ts';
import { fullSpan, spanAround, startsAfterRests } from './iteration-span.ts';
import type { LaneEvents } from './lane-events.ts';
import { markedWindows } from './range-windows.ts';
import { readLane } from './read-lane.ts';
import type { RankSeen } from './score.ts';
import { LONG_REST, segmentsOf, usualBusy } from './segments.ts';
import { betweenBarriers, cutAt, isWork, type TimeSpan, type Window, type Windows, wholeRun } from './windows.ts';

/** One iteration, and what may have run in it. */
export interface FoundIteration {
  readonly window: Window;
  readonly choice: Choice;
  /** First to last compute on any lane. */
  readonly span: TimeSpan;
}

export interface FoundIterations {
  readonly by: Windows['by'];
  readonly iterations: readonly FoundIteration[];
  /** Iterations that were left out, as they followed another one without the barrier that parts the rest: warm-up, mostly. */
  readonly unparted: number;
  /** Iterations that were left out, as a lane shows nothing of them. */
  readonly partial: number;
}

/** When the operations of all lanes began and ended; undefined where a lane has none. */
function operationsSpan(seen: readonly RankSeen[]): TimeSpan | undefined {
  const all = seen.flatMap(s => s.readings[0]?.operations ?? []);
  if (seen.some(s => s.readings.length === 0)) return undefined;
  const [start, end] = [min(all, o => o.segment.start), max(all, o => o.segment.end)];
  return start === undefined || end === undefined ? undefined : [start, end];
}

/** What ran in a window that is one iteration. Undefined where some lane did nothing. */
function iterationOf(lanes: readonly LaneEvents[], window: Window, marked: boolean): FoundIteration | undefined {
  const seen = lanes.map((lane, l) => readLane(lane, itemAt(window.lanes, l)));
  const own = operationsSpan(seen);
  if (own === undefined) return undefined;
  const starts = seen.map(s => min(s.readings[0]?.operations ?? [], o => o.segment.start) ?? Number.POSITIVE_INFINITY);
  const span = marked ? fullSpan(lanes, window) : spanAround(lanes, window, own);
  return span === undefined ? undefined : { window, choice: chooseSchedule(seen, starts), span };
}

/** Parts of a window between rests that are too long to lie in an iteration. */
function betweenRests(lanes: readonly LaneEvents[], window: Window): Window[] {
  const operation = max(lanes, (lane, l) => {
    const { from, to } = itemAt(window.lanes, l);
    return usualBusy(segmentsOf(lane, from, to));
  });
  const starts = startsAfterRests(lanes, window, LONG_REST * (operation ?? 0));
  return starts.length === 0 ? [window] : cutAt(lanes, window, starts).filter(w => isWork(lanes, w));
}

/** The iterations of a window: one, or several where nothing parts them but that all that was begun is done. */
function split(lanes: readonly LaneEvents[], window: Window): Window[] {
  const starts = sharedStarts(lanes.map((lane, l) => readLane(lane, itemAt(window.lanes, l)).readings));
  return starts.length === 0 ? [window] : cutAt(lanes, window, starts);
}

function iterationsOf(lanes: readonly LaneEvents[], { by, windows }: Windows): FoundIterations {
  const parts = windows.map(w => (by === 'ranges' ? [w] : betweenRests(lanes, w)).flatMap(part => split(lanes, part)));
  // Where the program waits for all ranks before each iteration, those that follow another one without are its warm-up.
  const first = parts.flatMap(p => p.slice(0, 1));
  const kept = by === 'barriers' && first.length > 1 ? first : parts.flat();
  const iterations = kept.flatMap(w => iterationOf(lanes, w, by === 'ranges') ?? []);
  return { by, iterations, unparted: parts.flat().length - kept.length, partial: kept.length - iterations.length };
}

const recognisedIn = (f: FoundIterations) => f.iterations.filter(i => i.choice.names.length > 0).length;

/**
 * The iterations of a pipeline without names: by the ranges that the program puts around them, else by the collectives that all ranks take part in, else
 * where all that was begun is done. The first of these in which a schedule is recognised counts.
 */
export function findIterations(sources: readonly PipelineSource[], lanes: readonly LaneEvents[]): FoundIterations | undefined {
  const ways: (() => Windows)[] = [
    () => ({ by: 'ranges', windows: markedWindows(sources, lanes) }),
    () => ({ by: 'barriers', windows: betweenBarriers(lanes).filter(w => isWork(lanes, w)) }),
    () => ({ by: 'whole', windows: [wholeRun(lanes)] }),
  ];
  let fallback: FoundIterations | undefined;
  for (const way of ways) {
    const windows = way();
    if (windows.windows.length === 0) continue;
    const found = iterationsOf(lanes, windows);
    if (recognisedIn(found) > found.iterations.length / 2) return found;
    fallback ??= found.iterations.length > 0 && found.by !== 'whole' ? found : undefined;
  }
  return fallback;
}
