import { max, sum } from 'd3-array';
import { itemAt, valueAt } from '#core/columns';
import type { Share } from '#core/units';
import type { ScheduleName } from '#schema/pipeline';
import { type Hypothesis, hypothesesOf } from './hypotheses.ts';
import { type Explained, messageMisfit, mixedChunks, OrderCosts, orderOf, type RankSeen } from './score.ts';

/** A hypothesis with the rank of each lane, and how well it explains what was seen. */
export interface Explanation {
  readonly hypothesis: Hypothesis;
  /** The rank of each lane. */
  readonly ranks: readonly number[];
  /** For each lane, undefined where nothing of it can be read. */
  readonly explained: readonly (Explained | undefined)[];
  /** Operations out of order, of all lanes. */
  readonly distance: number;
  /** That, and what else speaks against it. */
  readonly cost: number;
}

export interface Choice {
  readonly best: Explanation | undefined;
  /** Names that explain it as well, the best one first; one where it is sure. */
  readonly names: readonly ScheduleName[];
  /** The best of another name, where one came near. */
  readonly runnerUp: Explanation | undefined;
  /** Operations of all lanes. */
  readonly total: number;
}

/** A schedule is recognised where no more than this share of its operations ran out of order, or was lost. */
const MOST_DEPARTURES: Share = 0.15;
/** A forward whose kernels differ from those of its chunk counts half an operation out of order: the first or the last may do so by right. */
const MIXED = 0.5;
/**
 * The next best schedule must be worse by at least one operation, and by half of what the best one leaves unexplained: what was lost or misread is missing from
 * every order, but may be just what tells two of them apart.
 */
const LEAST_MARGIN = 1;
const MARGIN_OF_REST = 0.5;

/** Orders in which the lanes may be the ranks of a pipeline. @param starts when each lane's first forward began */
function rankings(starts: readonly number[]): number[][] {
  const lanes = starts.map((_, i) => i);
  const rankOf = (order: readonly number[]) => lanes.map(l => order.indexOf(l));
  const byStart = rankOf([...lanes].sort((a, b) => valueAt(starts, a) - valueAt(starts, b)));
  const all = [byStart, lanes, rankOf(lanes.toReversed())];
  return all.filter((r, i) => all.findIndex(x => x.join() === r.join()) === i);
}

/** A hypothesis with the rank of each lane, before its order was compared. */
interface Untried {
  readonly hypothesis: Hypothesis;
  readonly ranks: readonly number[];
  /** By how much it differs at least. */
  readonly least: number;
}

/** How far a schedule may be from the best one, in operations out of order, to be looked at closely. */
const nearTo = (least: number, lanes: number) => 2 * least + 4 * lanes;

function explain({ hypothesis, ranks }: Untried, lanes: readonly RankSeen[], costs: OrderCosts, most: number): Explanation | undefined {
  const explained: (Explained | undefined)[] = [];
  let distance = 0;
  for (const [l, lane] of lanes.entries()) {
    const own = costs.explain(lane, orderOf(hypothesis, valueAt(ranks, l)), hypothesis.splits, most - distance);
    if (own === undefined) return undefined;
    explained.push(own);
    distance += own.distance;
  }
  return { hypothesis, ranks, explained, distance, cost: distance };
}

/** Every hypothesis that comes near to the best one. */
function explainAll(lanes: readonly RankSeen[], starts: readonly number[]): Explanation[] {
  const costs = new OrderCosts();
  const untried = hypothesesOf(lanes.length, forwardCounts(lanes)).flatMap(hypothesis =>
    rankings(starts).map((ranks): Untried => ({
      hypothesis,
      ranks,
      least: sum(lanes, (lane, l) => costs.least(lane, orderOf(hypothesis, valueAt(ranks, l)), hypothesis.splits)),
    })),
  );
  const out: Explanation[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const u of untried.sort((a, b) => a.least - b.least)) {
    const most = nearTo(least, lanes.length);
    if (u.least > most) break;
    const found = explain(u, lanes, costs, most);
    if (found === undefined) continue;
    out.push(found);
    least = Math.min(least, found.distance);
  }
  return out.filter(x => x.distance <= nearTo(least, lanes.length));
}

/** What kernels and messages say of an explanation beside the order. */
function withTheRest(x: Explanation, lanes: readonly RankSeen[]): Explanation {
  const beside = sum(lanes, (lane, l) => {
    const order = orderOf(x.hypothesis, valueAt(x.ranks, l));
    const own = x.explained[l];
    return messageMisfit(lane, order) + (own === undefined ? 0 : MIXED * mixedChunks(own, order));
  });
  return { ...x, cost: x.distance + beside };
}

/** How many forwards the lanes have: the number that most have, and the largest, as records may be lost. */
function forwardCounts(lanes: readonly RankSeen[]): number[] {
  const counts = lanes.flatMap(l => l.readings.map(r => r.operations.filter(o => o.kind === 0).length)).filter(n => n > 0);
  const votes = new Map<number, number>();
  for (const n of counts) votes.set(n, (votes.get(n) ?? 0) + 1);
  const common = [...votes].sort((a, b) => b[1] - a[1] || b[0] - a[0]).map(([n]) => n);
  return [...common.slice(0, 1), ...(counts.length > 0 ? [Math.max(...counts)] : [])];
}

/**
 * The schedule of the literature that explains best what the lanes did: the order that must be changed least, over all schedules and
 * shapes with as many operations.
 * @param starts when each lane's first operation began, ns
 */
export function chooseSchedule(lanes: readonly RankSeen[], starts: readonly number[]): Choice {
  const total = sum(lanes, l => max(l.readings, r => r.operations.length) ?? 0);
  const within = (x: number, best: number) => x - best < Math.max(LEAST_MARGIN, MARGIN_OF_REST * best);
  // What else speaks for and against costs more to find out, and never so much that the order would not count.
  const near = explainAll(lanes, starts).map(x => withTheRest(x, lanes));
  near.sort((a, b) => a.cost - b.cost || a.hypothesis.shape.v - b.hypothesis.shape.v);
  const best = near[0];
  if (best === undefined || best.distance > MOST_DEPARTURES * total) return { best: undefined, names: [], runnerUp: undefined, total };
  const name = best.hypothesis.textbook.name;
  const others = near.filter(x => x.hypothesis.textbook.name !== name);
  const alike = others.filter(x => within(x.cost, best.cost)).map(x => x.hypothesis.textbook.name);
  return { best, names: [...new Set([name, ...alike])], runnerUp: others[0] === undefined ? undefined : itemAt(others, 0), total };
}
