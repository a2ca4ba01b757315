import { max, min, sum } from 'd3-array';
import { itemAt } from '#core/columns';
import type { IterationsBy } from '../assumptions.ts';
import type { PipelineSource } from '../source.ts';
import { possibleStarts } from './balance.ts';
import { type Choice, chooseSchedule, type Memory, newMemory, undecided } from './choose-schedule.ts';
import { forwardKernels } from './forward-words.ts';
import { fullSpan, spanAround, startsAfterRests } from './iteration-span.ts';
import type { LaneEvents } from './lane-events.ts';
import { startsByPeriod } from './period.ts';
import { markedWindows } from './range-windows.ts';
import { readLane } from './read-lane.ts';
import { repeatedHead } from './repeated-head.ts';
import type { RankSeen } from './score.ts';
import { LONG_REST, segmentsOf, usualBusy } from './segments.ts';
import { startsByStepKernels } from './step-kernels.ts';
import { betweenBarriers, cutAt, isWork, type TimeSpan, type Window, type Windows, wholeRun } from './windows.ts';

/** One iteration, and what may have run in it. */
export interface FoundIteration {
  readonly window: Window;
  readonly choice: Choice;
  /** First to last compute on any lane. */
  readonly span: TimeSpan;
}

export interface FoundIterations {
  readonly by: IterationsBy;
  readonly iterations: readonly FoundIteration[];
  /** Iterations that were left out, as they followed another one without the barrier that parts the rest: warm-up, mostly. */
  readonly unparted: number;
  /** Iterations that were left out, as a lane shows nothing of them, or its records begin or end in them. */
  readonly partial: number;
}

/** When the operations of all lanes began and ended; undefined where a lane has none. */
function operationsSpan(seen: readonly RankSeen[], { best }: Choice): TimeSpan | undefined {
  const all = seen.flatMap((s, l) => (best?.explained[l]?.reading ?? s.readings[0])?.operations ?? []);
  const [start, end] = [min(all, o => o.segment.start), max(all, o => o.segment.end)];
  return start === undefined || end === undefined ? undefined : [start, end];
}

/** The lanes of a window as they can be read. */
function readAll(lanes: readonly LaneEvents[], window: Window): RankSeen[] {
  const forward = forwardKernels(lanes, window.lanes);
  return lanes.map((lane, l) => readLane(lane, itemAt(window.lanes, l), forward.get(lane.source)));
}

/** What ran in a window that is one iteration. Undefined where some lane did nothing. */
function iterationOf(
  lanes: readonly LaneEvents[],
  window: Window,
  seen: readonly RankSeen[],
  marked: boolean,
  memory: Memory,
  limit: number,
): FoundIteration | undefined {
  if (seen.some(s => s.readings.length === 0)) return undefined;
  const starts = seen.map(s => min(s.readings[0]?.operations ?? [], o => o.segment.start) ?? Number.POSITIVE_INFINITY);
  // One rank runs in the order of many schedules: without the others it tells none. A rank that passes nothing on is a replica.
  const isPipeline = lanes.length > 1 && seen.every(s => s.messages > 0);
  const choice = isPipeline ? chooseSchedule(seen, starts, memory, limit) : undecided(seen);
  const own = operationsSpan(seen, choice);
  const span = marked ? fullSpan(lanes, window) : own && spanAround(lanes, window, own);
  return span === undefined ? undefined : { window, choice, span };
}

const isRecognised = ({ choice }: FoundIteration) => choice.possible.length > 0;

/** Whether the records of a lane begin or end in an iteration. */
const isCutOff = (lanes: readonly LaneEvents[], { window }: FoundIteration) =>
  lanes.some((lane, l) => {
    const { firstEvent, endEvent } = itemAt(window.lanes, l);
    return firstEvent === 0 || endEvent >= lane.n;
  });

/** Parts of a window between rests that are too long to lie in an iteration. */
function betweenRests(lanes: readonly LaneEvents[], window: Window): Window[] {
  const operation = max(lanes, (lane, l) => {
    return usualBusy(segmentsOf(lane, itemAt(window.lanes, l)));
  });
  const starts = startsAfterRests(lanes, window, LONG_REST * (operation ?? 0));
  return starts.length === 0
    ? [window]
    : cutAt(
        lanes,
        window,
        lanes.map(() => starts),
      ).filter(w => isWork(lanes, w));
}

/** A window taken for some iterations. */
interface Parted {
  readonly iterations: readonly FoundIteration[];
  readonly parts: number;
  /** Operations that these leave unexplained. */
  readonly cost: number;
  /** By what they are told apart where no window does. */
  readonly by: Exclude<IterationsBy, 'ranges' | 'barriers'>;
}

/** The iterations of a window: one, or several where nothing parts them but that all that was begun is done, if that explains more. */
function split(lanes: readonly LaneEvents[], window: Window, marked: boolean, memory: Memory): Parted {
  const seen = readAll(lanes, window);
  const readings = seen.map(s => s.readings);
  const ways = [
    ...startsByStepKernels(lanes, window, readings).map(starts => ({ starts, by: 'steps' as const })),
    ...startsByPeriod(readings).map(starts => ({ starts, by: 'period' as const })),
    ...possibleStarts(readings).map(starts => ({ starts, by: 'whole' as const })),
    { starts: undefined, by: 'whole' as const },
  ];
  let best: Parted = { iterations: [], parts: 1, cost: Number.POSITIVE_INFINITY, by: 'whole' };
  let repeated: Parted | undefined;
  for (const { starts, by } of ways) {
    const whole = starts === undefined;
    const parts = whole ? [window] : cutAt(lanes, window, starts);
    const iterations = parts.flatMap(w => iterationOf(lanes, w, whole ? seen : readAll(lanes, w), marked, memory, best.cost) ?? []);
    const cost = sum(iterations, ({ choice }) => choice.best?.distance ?? choice.total);
    // As one iteration it is tried last, and is one where that explains as much, or where nothing explains its parts.
    if (!whole && iterations.filter(isRecognised).length <= iterations.length / 2) {
      if (by !== 'whole') repeated ??= { iterations, parts: parts.length, cost, by };
      continue;
    }
    if (iterations.length > 0 && (cost < best.cost || (whole && cost === best.cost))) best = { iterations, parts: parts.length, cost, by };
  }
  // What repeats are iterations, whatever the schedule.
  return repeated === undefined || best.iterations.some(isRecognised) ? best : repeated;
}

/** The stretches between barriers, each in parts. What follows the last iteration without a barrier is a part of its own where the iteration repeats the one before. */
function splitBetweenBarriers(lanes: readonly LaneEvents[], windows: readonly Window[], memory: Memory): Parted[][] {
  let before: Window | undefined;
  return windows.map(w => {
    const parts = betweenRests(lanes, w).map(part => split(lanes, part, false, memory));
    const window = before && repeatedHead(lanes, w, before);
    const head = window && split(lanes, window, false, memory);
    const [first, ...rest] = parts;
    const isOne = head !== undefined && first !== undefined && head.parts === 1 && head.cost < first.cost;
    before = isOne && window !== undefined ? window : w;
    return isOne ? [head, { ...first, iterations: [] }, ...rest] : parts;
  });
}

function iterationsOf(lanes: readonly LaneEvents[], { by, windows }: Windows, memory: Memory): FoundIterations {
  const marked = by === 'ranges';
  const found =
    by === 'barriers'
      ? splitBetweenBarriers(lanes, windows, memory)
      : windows.map(w => (marked ? [w] : betweenRests(lanes, w)).map(part => split(lanes, part, marked, memory)));
  // Where the program waits for all ranks before each iteration, those that follow another one without are its warm-up.
  const parts = sum(found.flat(), f => f.parts);
  const firsts = found.flatMap(f => f.slice(0, 1));
  const isParted = by === 'barriers' && firsts.length > 1;
  const all = isParted
    ? firsts.flatMap(f => f.iterations.slice(0, 1).filter(i => f.parts === 1 || isRecognised(i)))
    : found.flat().flatMap(f => f.iterations);
  const iterations = all.some(isRecognised) ? all.filter(i => isRecognised(i) || !isCutOff(lanes, i)) : all;
  const kept = isParted ? firsts.length : parts;
  const parted = by === 'whole' ? (found.flat().find(f => f.by !== 'whole')?.by ?? by) : by;
  return { by: parted, iterations, unparted: parts - kept, partial: kept - iterations.length };
}

/**
 * The iterations of a pipeline without names: by the ranges that the program puts around them, else by the collectives that all ranks take part in, else
 * where kernels come again that come once in each, or all that was begun is done. The first of these in which a schedule is recognised counts.
 * @param accept whether iterations look like those of a pipeline at all
 */
export function findIterations(
  sources: readonly PipelineSource[],
  lanes: readonly LaneEvents[],
  accept: (iterations: readonly FoundIteration[]) => boolean,
): FoundIterations | undefined {
  const ways: (() => Windows)[] = [
    () => ({ by: 'ranges', windows: markedWindows(sources, lanes) }),
    () => ({ by: 'barriers', windows: betweenBarriers(lanes).filter(w => isWork(lanes, w)) }),
    () => ({ by: 'whole', windows: [wholeRun(lanes)].filter(w => isWork(lanes, w)) }),
  ];
  const memory = newMemory();
  let fallback: FoundIterations | undefined;
  for (const way of ways) {
    const windows = way();
    if (windows.windows.length === 0) continue;
    const found = iterationsOf(lanes, windows, memory);
    if (found.iterations.length === 0 || !accept(found.iterations)) continue;
    if (found.iterations.filter(isRecognised).length > found.iterations.length / 2) return found;
    if (found.by === 'whole') continue;
    // Ranges around warm-up and steady phase are more than there are iterations between barriers.
    if (fallback === undefined || found.iterations.length < fallback.iterations.length) fallback = found;
  }
  return fallback;
}
