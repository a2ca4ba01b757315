import { max, median, sum } from 'd3-array';
import { itemAt } from '#core/columns';
import type { Assumption, FoundBy } from '../assumptions.ts';
import type { Iteration } from '../operation.ts';
import type { Basis, Recognised } from '../recognised.ts';
import { theoryOf } from '../schedules/theory.ts';
import { type PipelineSource, passesMessages } from '../source.ts';
import type { Choice } from './choose-schedule.ts';
import { areConsistent } from './consistent.ts';
import { type FoundIteration, type FoundIterations, findIterations } from './find-iterations.ts';
import { type LaneEvents, laneEvents } from './lane-events.ts';
import { placedOperations } from './placed-operations.ts';
import { messagesIn } from './windows.ts';

/** Iterations of a pipeline whose operations have no names that tell their place. */
export interface UnnamedWork {
  readonly by: FoundBy;
  readonly iterations: readonly Iteration[];
  readonly assumed: readonly Assumption[];
  /** Whether a schedule was recognised in most of them. */
  readonly recognised: boolean;
}

/** How a choice was made, and what it rests on. */
function recognisedBy({ best, possible, runnerUp, total }: Choice, devices: number): Recognised {
  if (devices === 1) return { name: 'unknown', textbook: undefined, basis: { by: 'one-rank' }, departures: [] };
  if (best === undefined) return { name: 'unknown', textbook: undefined, basis: { by: 'other-order', operations: total }, departures: [] };
  const { textbook, shape } = best.hypothesis;
  const next = runnerUp && { name: runnerUp.hypothesis.textbook.name, moved: runnerUp.distance };
  const basis: Basis = { by: 'order', operations: total, devices: shape.p, moved: best.distance, next };
  if (possible.length === 1) return { name: textbook.name, textbook, basis, departures: [] };
  const candidates = possible.map(x => ({ textbook: x.hypothesis.textbook, shape: x.hypothesis.shape }));
  const theories = new Set(candidates.map(theoryOf));
  return { name: 'unknown', textbook: theories.size === 1 ? textbook : undefined, basis, departures: [], candidates };
}

function iterationOf(sources: readonly PipelineSource[], lanes: readonly LaneEvents[], found: FoundIteration): Iteration {
  const { choice, window, span } = found;
  const { best } = choice;
  const recognised = recognisedBy(choice, lanes.length);
  const { label } = window;
  if (best === undefined) {
    const messages = sum(lanes, (lane, l) => messagesIn(lane, itemAt(window.lanes, l)));
    return { label, p: lanes.length, m: 0, v: 0, devices: lanes.map(l => l.key), operations: [], span, recognised, messages };
  }
  const devices = lanes.map((_, rank) => itemAt(lanes, best.ranks.indexOf(rank)).key);
  return { label, ...best.hypothesis.shape, devices, operations: placedOperations(sources, lanes, best), span, recognised };
}

/** Lanes whose records end more than an iteration before those of the others: a process that dies takes its last buffers with it. */
function earlyEnds(sources: readonly PipelineSource[], lanes: readonly LaneEvents[], { iterations }: FoundIterations): Assumption[] {
  const ends = lanes.map(lane => max(lane.end) ?? Number.NaN);
  const last = Math.max(...ends);
  const iteration = median(iterations, i => i.span[1] - i.span[0]) ?? Number.POSITIVE_INFINITY;
  return lanes.flatMap((lane, l) => {
    const early = last - itemAt(ends, l);
    const device = sources[lane.source]?.ops.devices[lane.device] ?? lane.key;
    return early <= iteration ? [] : [{ what: 'early-end', device }];
  });
}

function assumedOf(sources: readonly PipelineSource[], lanes: readonly LaneEvents[], found: FoundIterations): Assumption[] {
  const out = earlyEnds(sources, lanes, found);
  if (found.unparted > 0) out.push({ what: 'warm-up', iterations: found.unparted });
  if (found.partial > 0) out.push({ what: 'partial-iterations', count: found.partial });
  if (found.iterations.some(i => (i.choice.best?.hypothesis.shape.v ?? 1) > 1)) out.push({ what: 'places-by-schedule' });
  return out;
}

/**
 * The iterations of a pipeline that no name tells of: operations are the kernels between messages, and their places those of the schedule that explains
 * their order best. Of a single device only the bubble is told. Undefined where none passes messages on, or nothing repeats.
 */
export function unnamedWork(sources: readonly PipelineSource[]): UnnamedWork | undefined {
  // Laying out all that ran takes a while: only where something could be a message.
  if (!sources.some(s => s.copies.length > 0 || passesMessages(s.ops))) return undefined;
  const lanes = laneEvents(sources);
  if (lanes.length === 0) return undefined;
  const found = findIterations(sources, lanes, iterations => areConsistent(lanes, iterations));
  if (found === undefined || found.iterations.length === 0) return undefined;
  const labels = [...new Set(found.iterations.toSorted((a, b) => a.span[0] - b.span[0]).flatMap(i => i.window.label ?? []))];
  const recognised = found.iterations.filter(i => i.choice.possible.length > 0).length > found.iterations.length / 2;
  return {
    by: { by: 'kernels', iterations: found.by, labels },
    iterations: found.iterations.toSorted((a, b) => a.span[0] - b.span[0]).map(i => iterationOf(sources, lanes, i)),
    assumed: assumedOf(sources, lanes, found),
    recognised,
  };
}
