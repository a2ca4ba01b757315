import { median } from 'd3-array';
import { coverage, spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { LostBy } from '#diagnosis/causes/attribute-losses';
import type { CauseOrRest } from '#schema/causes';
import { counterfactualTasks, type Parts } from './counterfactual-tasks.ts';
import type { DeviceWork } from './devices.ts';
import type { Handoff } from './handoffs.ts';
import type { Iteration, Operation } from './iterations.ts';
import type { LaunchCauses } from './launch-causes.ts';
import type { Slot } from './schedules/textbook.ts';
import { simulation } from './simulate.ts';
import { type Covered, type LossOf, lateCopy, lostShare, NOT_CARRIED, transferTime } from './transfer-time.ts';

/** What was measured of one operation, taken apart so that each part can be left out in a simulation. All in ns. */
export interface MeasuredTask extends Slot {
  readonly rank: number;
  /** Computing. */
  readonly busy: Ns;
  /** The median of its kind on its stage. */
  readonly usual: Ns;
  /** From the producer's end until the data was there: copying, waiting for the copy to begin, for its launch. */
  readonly copying: Ns;
  readonly latency: Ns;
  readonly copyStarved: Ns;
  /** The parts of `copying`, `serialCopy` and `heldByCopy` that there would not be with direct copies instead of staged ones. */
  readonly staging: { readonly copying: Ns; readonly serialCopy: Ns; readonly heldByCopy: Ns };
  /** Why launches came late: shares of `starved`, `innerStarved` and `copyStarved`, and what the longest stretches were about. */
  readonly lateBy: {
    readonly starved: Shares;
    readonly innerStarved: Shares;
    readonly copyStarved: Shares;
    readonly subjects: ReadonlyMap<CauseOrRest, LostBy>;
  };
  /** After it, its device computed something else, or copied on the stream on which it computes. */
  readonly other: Ns;
  readonly serialCopy: Ns;
  /** It was ready, but its launch had not begun. */
  readonly starved: Ns;
  /** The same, while the host saw a copy through that goes by way of the host. */
  readonly heldByCopy: Ns;
  /** All was there, and it began later still; and gaps inside it. */
  readonly lag: Ns;
  readonly lagIsHandoff: boolean;
  readonly innerStarved: Ns;
  readonly innerGap: Ns;
}

export interface MeasuredIteration {
  readonly iteration: Iteration;
  readonly start: Ns;
  readonly end: Ns;
  /** Per rank, in order. */
  readonly ranks: readonly (readonly MeasuredTask[])[];
  /** Compute of each rank's device inside the iteration. */
  readonly compute: readonly number[];
  readonly handoffs: readonly Handoff[];
  /** How long the iteration takes with some parts of the measured time. Undefined where its order makes operations wait in a circle. */
  readonly lengthWith: (parts: Parts) => number | undefined;
}

/** What the measured times are judged by, beside the iteration itself. */
export interface DelayModel {
  /** What staging cost a transfer beyond a direct copy, ns. */
  readonly lost?: LossOf;
  readonly late?: LaunchCauses;
}

/** Parts of one whole, by cause. */
type Shares = ReadonlyMap<CauseOrRest, number>;

/** Several answers about late launches as one. */
function together(answers: readonly (ReadonlyMap<CauseOrRest, LostBy> | undefined)[]): Map<CauseOrRest, LostBy> {
  const out = new Map<CauseOrRest, LostBy & { readonly longest: number }>();
  for (const answer of answers)
    for (const [cause, { ns, subject }] of answer ?? []) {
      const known = out.get(cause) ?? { ns: 0, subject, longest: 0 };
      out.set(cause, { ns: known.ns + ns, subject: ns > known.longest ? subject : known.subject, longest: Math.max(ns, known.longest) });
    }
  return out;
}

function sharesOf(answer: ReadonlyMap<CauseOrRest, LostBy> | undefined): Shares {
  const total = [...(answer ?? [])].reduce((n, [, { ns }]) => n + ns, 0);
  return new Map(total <= 0 ? [] : [...(answer ?? [])].map(([cause, { ns }]) => [cause, ns / total]));
}

function usualTimes(operations: readonly { readonly o: Operation; readonly busy: Ns }[]): (o: Operation) => number {
  const lists = new Map<string, number[]>();
  // A backward of the inputs alone is another kind of work than one of inputs and weights.
  const weights = new Set(operations.flatMap(({ o }) => (o.kind === 'W' ? [`${o.microbatch}.${o.stage}`] : [])));
  const key = (o: Operation) => `${o.kind}:${o.stage}:${o.kind === 'B' && weights.has(`${o.microbatch}.${o.stage}`)}`;
  for (const { o, busy } of operations) {
    const list = lists.get(key(o)) ?? [];
    lists.set(key(o), list);
    list.push(busy);
  }
  const medians = new Map([...lists].map(([k, list]) => [k, median(list) ?? 0]));
  return o => medians.get(key(o)) ?? 0;
}

/** Takes the time of an iteration apart, operation by operation. Put together again it is the time that was measured. */
export function measureIteration(
  iteration: Iteration,
  handoffs: readonly Handoff[],
  devices: ReadonlyMap<string, DeviceWork>,
  judge: DelayModel = {},
): MeasuredIteration {
  const start = Math.min(...iteration.operations.map(o => o.start));
  const end = Math.max(...iteration.operations.map(o => o.end));
  const feeds = new Map(handoffs.map(h => [h.consumer, h]));
  const lists: Operation[][] = Array.from({ length: iteration.p }, () => []);
  for (const o of iteration.operations) lists[o.rank]?.push(o);

  // Operations that overlap on their device are cut so that no moment counts twice.
  const begin = new Map<Operation, number>();
  const finish = new Map<Operation, number>();
  for (const list of lists) {
    let latest = Number.NEGATIVE_INFINITY;
    for (const o of list) {
      begin.set(o, Math.max(o.start, latest));
      latest = Math.max(latest, o.end);
      finish.set(o, latest);
    }
  }
  const beginOf = (o: Operation) => begin.get(o) ?? o.start;
  const endOf = (o: Operation) => finish.get(o) ?? o.end;
  const computeOf = lists.map((_, rank) => coverage(devices.get(iteration.devices[rank] ?? '')?.compute ?? spansOf([])));
  const busyOf = (o: Operation) => computeOf[o.rank]?.(beginOf(o), endOf(o)) ?? 0;
  const usual = usualTimes(iteration.operations.map(o => ({ o, busy: busyOf(o) })));
  const sent = lists.map((_, rank) =>
    handoffs.filter(h => h.producer.rank === rank).flatMap(h => h.transfers.map(t => ({ t, producer: h.producer }))),
  );
  const copiesOf = sent.map(list => coverage(spansOf(list.map(x => x.t.sent))));
  // A copy by way of the host holds the thread that makes it, from its launch on: what is launched late meanwhile is late for its sake.
  const stagedBy = (rank: number) => {
    const source = iteration.devices[rank]?.split(':')[0];
    const own = handoffs.flatMap(h => h.transfers.filter(t => t.staged && `${t.source}` === source));
    return spansOf(own.map(t => [Number.isNaN(t.launched) ? t.start : Math.min(t.launched, t.start), t.end] as const));
  };
  const stagedOf = lists.map((_, rank) => coverage(stagedBy(rank)));
  const NONE: Covered = () => 0;
  const serialOf = sent.map(list => coverage(spansOf(list.filter(x => x.producer.streams.has(x.t.stream)).map(x => x.t.sent))));
  const othersOf = (rank: number, from: Ns, to: Ns) => computeOf[rank]?.(from, to) ?? 0;
  const serialCopies = (rank: number, from: Ns, to: Ns) =>
    Math.max(0, Math.min((serialOf[rank] ?? NONE)(from, to), to - from - othersOf(rank, from, to)));

  const shareOfAll = lostShare(
    handoffs.flatMap(h => h.transfers.filter(t => t.staged)),
    judge.lost,
  );

  const ranks = lists.map((list, rank) =>
    list.map((o, i): MeasuredTask => {
      const previous = list[i - 1];
      const next = list[i + 1];
      const from = beginOf(o);
      const to = endOf(o);
      const busy = busyOf(o);
      const until = next === undefined ? end : beginOf(next);
      const handoff = feeds.get(o);
      const produced = handoff ? endOf(handoff.producer) : Number.NEGATIVE_INFINITY;
      const sender = handoff?.producer.rank ?? -1;
      const { staging, ...carried } =
        handoff === undefined
          ? NOT_CARRIED
          : transferTime(handoff, produced, from, copiesOf[sender] ?? NONE, stagedOf[sender] ?? NONE, judge.lost, shareOfAll);
      const arrived = produced + carried.copying + carried.latency + carried.copyStarved;
      // What the device did between the two operations keeps it from beginning.
      const freeAt =
        previous === undefined
          ? start
          : endOf(previous) + othersOf(rank, endOf(previous), from) + serialCopies(rank, endOf(previous), from);
      const ready = Math.min(from, Math.max(freeAt, arrived));
      const starved = Number.isNaN(o.launched) ? 0 : Math.max(0, Math.min(o.launched, from) - ready);
      const heldByCopy = Math.min(starved, (stagedOf[rank] ?? NONE)(ready, ready + starved));
      const inner = Math.max(0, to - from - busy);
      const innerStarved = Math.min(
        o.late.reduce((n, l) => n + l.to - l.from, 0),
        inner,
      );
      const serialCopy = next === undefined ? 0 : serialCopies(rank, to, until);
      const reasons = [
        starved > heldByCopy ? judge.late?.(o.source, o.op, ready, ready + starved) : undefined,
        innerStarved > 0 && judge.late !== undefined ? together(o.late.map(l => judge.late?.(o.source, l.op, l.from, l.to))) : undefined,
        carried.copyStarved > 0 ? lateCopy(handoff, judge.late, produced) : undefined,
      ] as const;
      return {
        kind: o.kind,
        microbatch: o.microbatch,
        stage: o.stage,
        rank,
        busy,
        usual: usual(o),
        ...carried,
        other: othersOf(rank, to, until),
        serialCopy,
        staging: { copying: staging, serialCopy: serialCopy * shareOfAll, heldByCopy },
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
        lagIsHandoff: handoff !== undefined && (arrived >= freeAt || handoff.via === 'unseen'),
        innerStarved,
        innerGap: inner - innerStarved,
      };
    }),
  );
  const run = simulation(ranks);
  return {
    iteration,
    start,
    end,
    ranks,
    compute: computeOf.map(f => f(start, end)),
    handoffs,
    lengthWith: parts => run?.(counterfactualTasks(ranks, parts)).length,
  };
}
