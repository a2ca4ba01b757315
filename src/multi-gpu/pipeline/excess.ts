import { mean } from 'd3-array';
import { valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import type { CauseOrRest } from '#schema/causes';
import { EXCESS } from '#schema/pipeline';
import type { OperationKind } from './grammar/meaning.ts';
import type { MeasuredIteration, MeasuredTask, Parts } from './measured-task.ts';
import type { Textbook, Times } from './schedules/textbook.ts';

/** Where the time of an iteration beyond theory went: device time, summed over all stages. */
export interface BubbleExplanation {
  /** Length of the iteration with the measured times of the operations, and hand-offs free of charge. */
  readonly simulated: Ns;
  /** The same with every operation at the median of its kind and stage, and the compute of the busiest device then. */
  readonly undisturbed: Ns;
  readonly ideal: Ns;
  /** Idle time over ideal time by theory, where there is one. */
  readonly overhead: number | undefined;
  readonly excess: Ns;
  /** The part of the exposed copies that direct copies would have saved. */
  readonly staged: Ns;
  /** The late launches by what the launching thread did meanwhile. Their sum is that part. */
  readonly launches: ReadonlyMap<CauseOrRest, Ns>;
  /** The same by the rank whose launches they were: also for what the others waited for it meanwhile. Their sum is that part too. */
  readonly lateRanks: readonly Ns[];
  /** Their sum is the excess. */
  readonly parts: Readonly<Record<(typeof EXCESS)[number], Ns>>;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const BUSY = (t: MeasuredTask) => t.busy;
const USUAL = (t: MeasuredTask) => t.usual;
const NOTHING: Parts = { duration: BUSY, copies: false, latency: false, launches: false, rest: false };

/** What an operation of each kind takes, a mean over stages and microbatches. */
function meanTimes(measured: MeasuredIteration): Times {
  const tasks = measured.ranks.flat();
  const weights = new Map(tasks.filter(t => t.kind === 'W').map(t => [`${t.microbatch}.${t.stage}`, t]));
  const weightOf = (t: MeasuredTask) => weights.get(`${t.microbatch}.${t.stage}`);
  const of = (kind: OperationKind) => tasks.filter(t => t.kind === kind);
  const backwards = of('B');
  const split = backwards.filter(t => weightOf(t) !== undefined);
  return {
    F: mean(of('F'), USUAL) ?? 0,
    B: mean(split.length > 0 ? split : backwards, USUAL) ?? 0,
    W: mean(of('W'), USUAL) ?? 0,
    backward: mean(backwards, t => t.usual + (weightOf(t)?.usual ?? 0)) ?? 0,
  };
}

/**
 * Splits the time beyond theory by adding one kind of delay after the other to a simulation of the order that ran: uneven stages,
 * operations longer than usual, copies, what else passes before data arrives, late launches. What each addition lengthens the
 * iteration by is its own; what the simulation still lacks to the measured length is unexplained. A part can be negative: an
 * operation that takes longer while its device would have waited anyway makes the bubble smaller.
 */
export function explainBubble(measured: MeasuredIteration, textbook: Textbook | undefined): BubbleExplanation | undefined {
  const { p, operations } = measured.iteration;
  if (operations.length === 0) return undefined;
  const computeWith = (duration: (t: MeasuredTask) => Ns) => {
    const others = measured.compute.map((c, rank) => c - sum((measured.ranks[rank] ?? []).map(BUSY)));
    return measured.ranks.map((list, rank) => sum(list.map(duration)) + valueAt(others, rank));
  };
  const { lengthWith } = measured;
  const median = lengthWith({ ...NOTHING, duration: USUAL });
  const bare = lengthWith(NOTHING);
  const copied = lengthWith({ ...NOTHING, copies: true });
  const late = lengthWith({ ...NOTHING, copies: true, latency: true });
  const launched = lengthWith({ ...NOTHING, copies: true, latency: true, launches: true });
  if (median === undefined || bare === undefined || copied === undefined || late === undefined || launched === undefined) return undefined;
  const length = measured.end - measured.start;
  const compute = sum(measured.compute);
  const usual = computeWith(USUAL);
  const overhead = textbook?.overhead?.(measured.iteration, meanTimes(measured));
  const beyond = (t: Ns, c: Ns) => p * t - (1 + (overhead ?? 0)) * c;
  // Without a theory the simulation of what was measured is the measure: it knows no imbalance but what it waits for anyway.
  const theory =
    overhead === undefined
      ? undefined
      : { imbalance: beyond(median, sum(usual)), straggling: beyond(bare, compute) - beyond(median, sum(usual)) };
  const excess = overhead === undefined ? p * (length - bare) : beyond(length, compute);
  const known = {
    'stage-imbalance': theory?.imbalance ?? 0,
    'handoff-latency': p * (late - copied),
    'exposed-copy': p * (copied - bare),
    'launch-starvation': p * (launched - late),
    straggling: theory?.straggling ?? 0,
  };
  return {
    simulated: bare,
    undisturbed: median,
    ideal: Math.max(...usual),
    overhead,
    excess,
    staged: p * (copied - (lengthWith({ ...NOTHING, copies: true, staging: false }) ?? copied)),
    launches: launchesByCause(measured, p * (launched - late), launched),
    lateRanks: launchesByRank(measured, p * (launched - late), launched),
    parts: { ...known, unexplained: excess - sum(Object.values(known)) },
  };
}

/** Shares late launches out among their causes: by what the iteration would gain without each. */
function launchesByCause(measured: MeasuredIteration, total: Ns, launched: Ns): Map<CauseOrRest, Ns> {
  const tasks = measured.ranks.flat();
  const causes = [...new Set(tasks.flatMap(t => [...t.lateBy.subjects.keys()]))];
  const { lengthWith } = measured;
  const all = { ...NOTHING, copies: true, latency: true };
  const gains = causes.map(but => Math.max(0, launched - (lengthWith({ ...all, launches: { but } }) ?? launched)));
  const gain = sum(gains);
  // What no cause accounts for, and what nobody could be asked about, has none.
  return new Map(gain <= 0 ? (total === 0 ? [] : [['unexplained', total]]) : causes.map((c, i) => [c, (total * valueAt(gains, i)) / gain]));
}

/** Shares late launches out among the ranks: by what the iteration would gain without each one's, its own time and what the others waited for it. */
function launchesByRank({ iteration, lengthWith }: MeasuredIteration, total: Ns, launched: Ns): Ns[] {
  const all = { ...NOTHING, copies: true, latency: true };
  const gains = Array.from({ length: iteration.p }, (_, rank) =>
    Math.max(0, launched - (lengthWith({ ...all, launches: { butRank: rank } }) ?? launched)),
  );
  const gain = sum(gains);
  return gains.map(g => (gain <= 0 ? 0 : (total * g) / gain));
}

/** The mean of several iterations' explanations. */
export function meanExplanation(explanations: readonly BubbleExplanation[]): {
  readonly excess: Ns;
  readonly parts: { readonly why: (typeof EXCESS)[number]; readonly ns: Ns }[];
  readonly staged: Ns;
  readonly launches: readonly { readonly cause: CauseOrRest; readonly ns: Ns }[];
  readonly lateRanks: readonly Ns[];
} {
  const causes = [...new Set(explanations.flatMap(b => [...b.launches.keys()]))];
  const parts = EXCESS.map(why => ({ why, ns: mean(explanations, b => b.parts[why]) ?? 0 }));
  return {
    excess: mean(explanations, b => b.excess) ?? 0,
    parts,
    staged: mean(explanations, b => b.staged) ?? 0,
    lateRanks: (explanations[0]?.lateRanks ?? []).map((_, rank) => mean(explanations, b => valueAt(b.lateRanks, rank)) ?? 0),
    launches: causes.map(cause => ({ cause, ns: mean(explanations, b => b.launches.get(cause) ?? 0) ?? 0 })),
  };
}
