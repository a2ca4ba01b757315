import { itemAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import { counterfactualTasks } from './counterfactual-tasks.ts';
import type { DeviceWork } from './devices.ts';
import type { Handoff } from './handoffs.ts';
import { sharesOf, together } from './late-launch-shares.ts';
import type { DelayModel, MeasuredIteration, MeasuredTask } from './measured-task.ts';
import type { Iteration, Operation } from './operation.ts';
import { spanOf } from './phases.ts';
import { type RankTimeline, rankTimelines } from './rank-timeline.ts';
import { simulation } from './simulate.ts';
import { lateCopy, NO_TRANSFER, stagingShare, type TransferTime, transferTime } from './transfer-time.ts';
import { usualTimes } from './usual-times.ts';

/** What the tasks of one iteration share. */
interface Context {
  readonly start: Ns;
  readonly end: Ns;
  readonly timelines: readonly RankTimeline[];
  /** The hand-off that each operation waits for. */
  readonly feeds: ReadonlyMap<Operation, Handoff>;
  readonly model: DelayModel;
  /** What staging cost of the time of all staged transfers. */
  readonly stagingShare: Share;
}

/** When the producer of an operation's input ended, and how its data came from there. */
function arrivalOf(context: Context, handoff: Handoff | undefined, until: Ns): { readonly produced: Ns; readonly transfer: TransferTime } {
  const sender = handoff && context.timelines[handoff.producer.rank];
  if (handoff === undefined || sender === undefined) return { produced: Number.NEGATIVE_INFINITY, transfer: NO_TRANSFER };
  const produced = sender.endOf(handoff.producer);
  const { stagingCost } = context.model;
  const facts = { copies: sender.copies, staged: sender.staged, stagingCost, shareOfAll: context.stagingShare };
  return { produced, transfer: transferTime(handoff, produced, until, facts) };
}

/** When the device could have begun an operation: what it did since the operation before keeps it from beginning. */
function freeAt({ start }: Context, timeline: RankTimeline, previous: Operation | undefined, until: Ns): Ns {
  if (previous === undefined) return start;
  const end = timeline.endOf(previous);
  return end + timeline.compute(end, until) + timeline.serialCopies(end, until);
}

/** One operation, taken apart. */
function taskOf(context: Context, rank: number, timeline: RankTimeline, i: number, o: Operation, usual: Ns): MeasuredTask {
  const { lateLaunch } = context.model;
  const next = timeline.operations[i + 1];
  const from = timeline.beginOf(o);
  const to = timeline.endOf(o);
  const busy = timeline.compute(from, to);
  const until = next === undefined ? context.end : timeline.beginOf(next);
  const handoff = context.feeds.get(o);
  const { produced, transfer } = arrivalOf(context, handoff, from);
  const { staging, ...parts } = transfer;
  const arrived = produced + parts.copying + parts.latency + parts.copyStarved;
  const free = freeAt(context, timeline, timeline.operations[i - 1], from);
  const ready = Math.min(from, Math.max(free, arrived));
  const starved = Number.isNaN(o.launched) ? 0 : Math.max(0, Math.min(o.launched, from) - ready);
  const heldByCopy = Math.min(starved, timeline.staged(ready, ready + starved));
  const inner = Math.max(0, to - from - busy);
  const lateInside = o.late.reduce((n, l) => n + l.to - l.from, 0);
  const innerStarved = Math.min(lateInside, inner);
  const serialCopy = next === undefined ? 0 : timeline.serialCopies(to, until);
  const reasons = [
    starved > heldByCopy ? lateLaunch?.(o.source, o.op, ready, ready + starved) : undefined,
    innerStarved > 0 && lateLaunch !== undefined ? together(o.late.map(l => lateLaunch(o.source, l.op, l.from, l.to))) : undefined,
    parts.copyStarved > 0 ? lateCopy(handoff, lateLaunch, produced) : undefined,
  ] as const;
  return {
    ...{ kind: o.kind, microbatch: o.microbatch, stage: o.stage, rank, busy, usual },
    ...parts,
    other: timeline.compute(to, until),
    serialCopy,
    staging: { copying: staging, serialCopy: serialCopy * context.stagingShare, heldByCopy },
    lateBy: {
      starved: sharesOf(reasons[0]),
      innerStarved: sharesOf(reasons[1]),
      copyStarved: sharesOf(reasons[2]),
      subjects: together(reasons),
    },
    starved: starved - heldByCopy,
    heldByCopy,
    lag: Math.max(0, from - ready - starved),
    // Where nothing was seen to carry the data, it may have come at any moment until now.
    lagIsHandoff: handoff !== undefined && (arrived >= free || handoff.via === 'unseen'),
    innerStarved,
    innerGap: inner - innerStarved,
  };
}

/** Takes the time of an iteration apart, operation by operation. Put together again it is the time that was measured. */
export function measureIteration(
  iteration: Iteration,
  handoffs: readonly Handoff[],
  devices: ReadonlyMap<string, DeviceWork>,
  model: DelayModel = {},
): MeasuredIteration {
  const [start, end] = spanOf(iteration);
  const timelines = rankTimelines(iteration, handoffs, devices);
  const staged = handoffs.flatMap(h => h.transfers.filter(t => t.staged));
  const context: Context = {
    ...{ start, end, timelines, model },
    feeds: new Map(handoffs.map(h => [h.consumer, h])),
    stagingShare: stagingShare(staged, model.stagingCost),
  };
  const busyOf = (o: Operation, t: RankTimeline) => t.compute(t.beginOf(o), t.endOf(o));
  const usual = usualTimes(iteration.operations.map(o => ({ o, busy: busyOf(o, itemAt(timelines, o.rank)) })));
  const ranks = timelines.map((timeline, rank) => timeline.operations.map((o, i) => taskOf(context, rank, timeline, i, o, usual(o))));
  const run = simulation(ranks);
  return {
    iteration,
    start,
    end,
    ranks,
    compute: timelines.map(t => t.compute(start, end)),
    handoffs,
    lengthWith: parts => run?.(counterfactualTasks(ranks, parts)).length,
  };
}
