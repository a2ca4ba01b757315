import { realAt } from '#core/columns';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import { type CauseOrRest, hasFlag, WAITING_CAUSE } from '#schema/causes';

/**
 * A clock that stands still while incidents hold the lane up: it shows how much time the lane had for its normal work.
 * A step of 124 ms of which 120 are excess counts 4 ms on it, spread evenly over the step.
 */
export interface LaneClock {
  /** What the clock shows at a moment, in ns. It never runs backwards. */
  readonly at: (t: Ns) => Ns;
  /** The first moment at which it shows so much. */
  readonly when: (shown: Ns) => Ns;
}

/** A stretch of the lane with its excess, as far as it is removed and as far as it stays. */
interface Stretch {
  readonly start: Ns;
  readonly end: Ns;
  removed: Ns;
  /** What stays, of causes that held up this piece of work. */
  kept: Ns;
  /** What stays, of causes that slow whatever runs while they last. */
  lasting: Ns;
}

/** A change of the clock's pace: from `start` to `end` it goes on by `shown`. */
interface Slowed {
  readonly start: Ns;
  readonly end: Ns;
  readonly shown: Ns;
}

/** The excess of each stretch; the causes of one step share its stretch. */
function stretchesOf(incidents: readonly ExplainedStall[], isRemoved: (cause: CauseOrRest, incident: number) => boolean): Stretch[] {
  const byStep = new Map<string, Stretch>();
  for (const [k, incident] of incidents.entries())
    for (const { start, end, cause, excess } of incident.shares) {
      // The ordinary work of others is no hold-up of the lane: it is part of what the lane works.
      if (!(end > start) || cause === WAITING_CAUSE) continue;
      const key = `${start} ${end}`;
      const stretch = byStep.get(key) ?? { start, end, removed: 0, kept: 0, lasting: 0 };
      byStep.set(key, stretch);
      if (isRemoved(cause, k)) stretch.removed += excess;
      else if (cause !== 'unexplained' && hasFlag(cause, 'sustained')) stretch.lasting += excess;
      else stretch.kept += excess;
    }
  return [...byStep.values()].toSorted((a, b) => a.start - b.start || a.end - b.end);
}

/** The clock that runs at full speed but for some stretches, in order of start; where stretches overlap, the later begins when the earlier is over. */
function clockOf(slowed: readonly Slowed[]): LaneClock {
  const at: Ns[] = [];
  const shows: Ns[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const s of slowed) {
    if (s.end <= end) continue;
    const start = Math.max(s.start, end);
    const shown = s.shown * ((s.end - start) / (s.end - s.start));
    const before = at.length === 0 ? start : (shows.at(-1) ?? 0) + (start - (at.at(-1) ?? 0));
    at.push(start, s.end);
    shows.push(before, before + shown);
    end = s.end;
  }
  return { at: through(Float64Array.from(at), Float64Array.from(shows)), when: through(Float64Array.from(shows), Float64Array.from(at)) };
}

/** The line through points in order of x, with a slope of 1 before and after them. Of points at the same x the first counts. */
function through(x: Float64Array, y: Float64Array): (v: Ns) => Ns {
  const n = x.length;
  return v => {
    const i = upperBound(x, v) - 1;
    if (n === 0) return v;
    if (i < 0) return realAt(y, 0) + (v - realAt(x, 0));
    let first = i;
    while (first > 0 && realAt(x, first) === v && realAt(x, first - 1) === v) first--;
    if (realAt(x, first) === v) return realAt(y, first);
    if (i === n - 1) return realAt(y, i) + (v - realAt(x, i));
    return realAt(y, i) + ((v - realAt(x, i)) / (realAt(x, i + 1) - realAt(x, i))) * (realAt(y, i + 1) - realAt(y, i));
  };
}

/** The lane's clock as it was: slowed by every incident. */
export const clockSeen = (incidents: readonly ExplainedStall[]): LaneClock =>
  clockOf(stretchesOf(incidents, () => true).map(({ start, end, removed }) => ({ start, end, shown: Math.max(0, end - start - removed) })));

/**
 * The lane's clock without some causes. The excess that was removed is cut out of its stretch; what other causes did there stays, at its
 * place in time: a neighbour does not come earlier because we are faster.
 * @param slowedToo share of the time cut out in which a lasting cause that stays in the same stretch slows what now runs there: where the
 * lane stood still nobody saw whether the neighbour was there too, so it lies between 0 and 1
 */
export const clockWithout = (
  incidents: readonly ExplainedStall[],
  isRemoved: (cause: CauseOrRest, incident: number) => boolean,
  slowedToo: Share = 0,
): LaneClock => clockOf(stretchesOf(incidents, isRemoved).flatMap(s => withoutRemoved(s, slowedToo)));

function withoutRemoved({ start, end, removed, kept, lasting }: Stretch, slowedToo: Share): Slowed[] {
  const cut = end - Math.min(removed, end - start);
  const shown = Math.max(0, cut - start - kept - lasting);
  const pace = shown + lasting > 0 ? shown / (shown + lasting) : 1;
  const slowTo = cut + slowedToo * (end - cut);
  return [
    { start, end: cut, shown },
    { start: cut, end: slowTo, shown: (slowTo - cut) * pace },
  ].filter(s => s.end > s.start);
}
