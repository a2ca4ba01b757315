import { max, median, sum } from 'd3-array';
import { itemAt } from '#core/columns';
import type { Iteration } from '../operation.ts';
import type { Recognised } from '../recognised.ts';
import { theoryOf } from '../schedules/theory.ts';
import { type PipelineSource, passesMessages } from '../source.ts';
import type { Choice } from './choose-schedule.ts';
import { areConsistent } from './consistent.ts';
import { type FoundIteration, type FoundIterations, findIterations } from './find-iterations.ts';
import { type LaneEvents, laneEvents } from './lane-events.ts';
import { placedOperations } from './placed.ts';
import { messagesIn } from './windows.ts';

/** Iterations of a pipeline whose operations have no names that tell their place. */
export interface UnnamedWork {
  /** How they were found and how sure that is, in a sentence. */
  readonly how: string;
  readonly iterations: readonly Iteration[];
  readonly notes: readonly string[];
  /** Whether a schedule was recognised in most of them. */
  readonly recognised: boolean;
}

const BY: Readonly<Record<FoundIterations['by'], (label: string | undefined) => string>> = {
  ranges: label => `Iterations are the ranges that the program calls ${label ?? 'so'}: sure.`,
  barriers: () => 'Iterations lie between collectives that all ranks take part in: likely.',
  whole: () => 'Iterations end where every forward that was begun has its backward: likely.',
};

const ALONE = 'only one rank was recorded, and what it did may be part of several. Give the reports of all ranks.';

/** How a choice was made, and what it rests on. */
function recognisedBy({ best, possible, runnerUp, total }: Choice, devices: number): Recognised {
  if (devices === 1) return { name: 'unknown', textbook: undefined, why: ALONE, departures: [] };
  if (best === undefined)
    return {
      name: 'unknown',
      textbook: undefined,
      why: `The order of what ran between the messages is that of no schedule that is known: ${total} operations were told apart.`,
      departures: [],
    };
  const { textbook, shape } = best.hypothesis;
  const order =
    `From the order of ${total} operations without names on ${shape.p} devices: ` +
    (best.distance === 0 ? 'all of them ran in its order' : `all but ${best.distance} ran in its order`);
  const next = runnerUp === undefined ? '' : `; against ${runnerUp.hypothesis.textbook.name}, the next best, ${runnerUp.distance} did not`;
  if (possible.length === 1) return { name: textbook.name, textbook, why: `${order}${next}.`, departures: [] };
  const candidates = possible.map(x => ({ textbook: x.hypothesis.textbook, shape: x.hypothesis.shape }));
  const why = `${order}; ${candidates.map(c => c.textbook.name).join(' and ')} explain it alike.`;
  const theories = new Set(candidates.map(theoryOf));
  return { name: 'unknown', textbook: theories.size === 1 ? textbook : undefined, why, departures: [], candidates };
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
function earlyEnds(sources: readonly PipelineSource[], lanes: readonly LaneEvents[], { iterations }: FoundIterations): string[] {
  const ends = lanes.map(lane => max(lane.end) ?? Number.NaN);
  const last = Math.max(...ends);
  const iteration = median(iterations, i => i.span[1] - i.span[0]) ?? Number.POSITIVE_INFINITY;
  return lanes.flatMap((lane, l) => {
    const early = last - itemAt(ends, l);
    const device = sources[lane.source]?.ops.devices[lane.device] ?? lane.key;
    if (early <= iteration) return [];
    return [`The records of ${device} end more than an iteration before those of the others: what it did after that is not known.`];
  });
}

function notesOf(sources: readonly PipelineSource[], lanes: readonly LaneEvents[], found: FoundIterations): string[] {
  const notes = earlyEnds(sources, lanes, found);
  if (found.unparted > 0)
    notes.push(
      `${found.unparted} iteration(s) that followed another one without the collective that parts the rest were left out, as warm-up.`,
    );
  if (found.partial > 0) notes.push(`${found.partial} iteration(s) of which a device shows nothing, or not all, were left out.`);
  if (found.iterations.some(i => (i.choice.best?.hypothesis.shape.v ?? 1) > 1))
    notes.push('Which chunk and microbatch an operation belongs to follows from the schedule that was recognised: no name tells.');
  return notes;
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
    how: `No range names the operations with their places: they are the kernels between messages, forwards told from backwards by their kernels and threads. ${BY[found.by](labels.join(', '))}`,
    iterations: found.iterations.toSorted((a, b) => a.span[0] - b.span[0]).map(i => iterationOf(sources, lanes, i)),
    notes: notesOf(sources, lanes, found),
    recognised,
  };
}
