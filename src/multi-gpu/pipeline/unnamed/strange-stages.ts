import { max, sum } from 'd3-array';
import { valueAt } from '#core/columns';
import type { Share } from '#core/units';
import type { Hypothesis } from './hypotheses.ts';
import type { Reading } from './kinds.ts';
import { type Explained, orderOf } from './score.ts';

/** A kernel that so many forwards of a rank have is one of all of them, but for lost records. */
const ALL: Share = 0.9;
/** One that no more have is one of none. */
const NONE: Share = 0.1;

const shareOf = ({ operations, forwardNames }: Reading, name: number): Share => {
  const forwards = operations.filter(o => o.kind === 0).length;
  return forwards === 0 ? 0 : (forwardNames.get(name) ?? 0) / forwards;
};

/** Whether all forwards of a rank have a kernel that those of no other have. */
function isStrange(own: Reading, others: readonly Reading[]): boolean {
  return [...own.forwardNames.keys()].some(name => shareOf(own, name) >= ALL && others.every(o => shareOf(o, name) <= NONE));
}

/** Stages of a rank that are neither the model's first nor its last, as a share of all of them. */
function innerShare(h: Hypothesis, rank: number): Share {
  const stages = [...new Set(orderOf(h, rank).slots.map(o => o.stage))];
  const last = max(h.ranks, r => max(r.slots, o => o.stage)) ?? 0;
  return stages.length < 2 ? 0 : stages.filter(s => s !== 0 && s !== last).length / stages.length;
}

/**
 * Forwards that a hypothesis puts into the middle of the model, though they have what no other rank has there. The first stage embeds, the last one has the loss, and what
 * lies between is alike: a rank all of whose forwards are of the first stage has no stage beside it.
 * @param ranks of each of what was explained
 */
export function strangeStages(explained: readonly (Explained | undefined)[], ranks: readonly number[], hypothesis: Hypothesis): number {
  const readings = explained.map(e => e?.reading);
  return sum(readings, (own, l) => {
    if (own === undefined) return 0;
    const inner = innerShare(hypothesis, valueAt(ranks, l));
    if (inner === 0) return 0;
    const others = readings.filter((r, k): r is Reading => k !== l && r !== undefined);
    return isStrange(own, others) ? inner * own.operations.filter(o => o.kind === 0).length : 0;
  });
}
