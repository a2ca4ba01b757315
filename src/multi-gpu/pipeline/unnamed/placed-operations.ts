import { intAt, itemAt, realAt, valueAt } from '#core/columns';
import { spansOf } from '#core/math/spans';
import type { Iteration, Operation } from '../operation.ts';
import { lateLaunches } from '../operations.ts';
import type { PipelineSource } from '../source.ts';
import type { Explanation } from './choose-schedule.ts';
import type { LaneEvents } from './lane-events.ts';
import { orderOf, pairsOf } from './score.ts';
import type { Segment } from './segments.ts';

/** What a segment is, in the place that a schedule gives it. */
function operationOf(
  source: PipelineSource,
  lane: LaneEvents,
  segment: Segment,
  place: Pick<Operation, 'kind' | 'microbatch' | 'stage' | 'rank'>,
): Operation {
  const { ops } = source;
  const kernels = segment.events.map(e => intAt(lane.op, e));
  const first = segment.events.reduce((a, b) => (realAt(lane.launched, b) < realAt(lane.launched, a) ? b : a));
  const known = intAt(lane.thread, first) >= 0;
  return {
    ...place,
    start: segment.start,
    end: segment.end,
    work: spansOf(segment.events.map(e => [realAt(lane.start, e), realAt(lane.end, e)] as const)),
    launched: known ? realAt(lane.launched, first) : Number.NaN,
    source: lane.source,
    op: intAt(lane.op, first),
    late: lateLaunches(
      source,
      kernels.toSorted((a, b) => a - b),
    ),
    streams: new Set(kernels.map(i => intAt(ops.stream, i))),
    phase: undefined,
  };
}

/** The operations of an iteration as the schedule that explains them names them. What it has no place for is left out. */
export function placedOperations(
  sources: readonly PipelineSource[],
  lanes: readonly LaneEvents[],
  x: Explanation,
): Iteration['operations'] {
  const out = lanes.flatMap((lane, l) => {
    const rank = valueAt(x.ranks, l);
    const explained = x.explained[l];
    if (explained === undefined) return [];
    const order = orderOf(x.hypothesis, rank);
    return pairsOf(explained, order).map(([i, j]) => {
      const { kind, microbatch, stage } = itemAt(order.slots, j);
      // The whole backward of the first stage stands where the others have that of the weights.
      const whole = x.hypothesis.wholeAtFirst === 'W' && stage === 0 && kind === 'W';
      const { segment } = itemAt(explained.reading.operations, i);
      return operationOf(itemAt(sources, lane.source), lane, segment, { kind: whole ? 'B' : kind, microbatch, stage, rank });
    });
  });
  return out.sort((a, b) => a.start - b.start);
}
