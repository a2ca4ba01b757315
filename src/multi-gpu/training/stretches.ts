import { itemAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { Ns } from '#core/units';
import type { CauseInIncident, ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { CauseOrRest } from '#schema/causes';
import type { RankLedger } from './rank-ledger.ts';
import type { SlowStep } from './slow-steps.ts';
import { inOrder, onsetOf } from './step-breakdown.ts';

/** Slow steps that follow one another, with their causes, the likeliest first. Times on the clock of the first rank, ns. */
export interface Stretch extends ExplainedStall {
  /** Indices of its slow steps. */
  readonly steps: readonly number[];
}

/** Causes of several steps together: the largest part of each says what it was about. */
function mergeCauses(causes: readonly CauseInIncident[]): CauseInIncident[] {
  const byCause = new Map<CauseOrRest, CauseInIncident[]>();
  for (const c of causes) getOrCompute(byCause, c.cause, () => [] as CauseInIncident[]).push(c);
  return inOrder(
    [...byCause.values()].map(list => {
      const largest = list.reduce((a, b) => (b.excess > a.excess ? b : a));
      return { ...largest, excess: list.reduce((s, c) => s + c.excess, 0) };
    }),
  );
}

/** A subject with the rank that it is of, where there are several. */
const ofRank = (c: CauseInIncident, label: string | undefined): CauseInIncident => {
  const subject = [label ?? '', c.subject].filter(s => s !== '').join(': ');
  return { ...c, subject };
};

/** The stretches of slow steps. @param shifts of the ranks' clocks, ns */
export function stretchesOf(slow: readonly SlowStep[], ledgers: readonly RankLedger[], shifts: readonly Ns[]): readonly Stretch[] {
  const runs: number[][] = [];
  for (const [k, step] of slow.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && step.place === itemAt(slow, itemAt(last, -1 + last.length)).place + 1) last.push(k);
    else runs.push([k]);
  }
  return runs.map(steps => {
    const own = steps.map(k => itemAt(slow, k));
    const first = itemAt(own, 0).late;
    const start = onsetOf(itemAt(ledgers, first.rank), first.breakdown) + valueAt(shifts, first.rank);
    const end = Math.max(...own.map(s => s.late.breakdown.end + valueAt(shifts, s.late.rank)));
    const label = (s: SlowStep) => (ledgers.length > 1 ? itemAt(ledgers, s.late.rank).rank.label : undefined);
    const causes = mergeCauses(own.flatMap(s => s.late.breakdown.causes.map(c => ofRank(c, label(s)))));
    return { start, end, excess: own.reduce((s, x) => s + x.late.breakdown.excess, 0), causes, shares: [], steps };
  });
}
