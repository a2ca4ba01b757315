import { max, sum } from 'd3-array';
import { itemAt, valueAt } from '#core/columns';
import type { Share } from '#core/units';
import type { ScheduleName } from '#schema/pipeline';
import { range } from '../schedules/textbook.ts';
import { type Hypotheses, type Hypothesis, hypothesesOnce } from './hypotheses.ts';
import { type ExchangesOf, exchangesOnce, messageMisfit } from './messages.ts';
import { type Explained, mixedChunks, OrderCosts, orderOf, type RankSeen } from './score.ts';
import { strangeStages } from './strange-stages.ts';

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
  /** Those that explain it as well, the best of each name, the best of all first; one where it is sure. */
  readonly possible: readonly Explanation[];
  /** The best of another name, where one came near. */
  readonly runnerUp: Explanation | undefined;
  /** Operations of all lanes. */
  readonly total: number;
}

/** A schedule is recognised where no more than this share of its operations ran out of order, or was lost. */
const MOST_DEPARTURES: Share = 0.15;
/** So few of the operations out of order, and the ranks are in theirs. */
const FITS: Share = 0.02;
/** A recorder loses records, and never makes any up: an operation that has no place counts for so much more than one that is missing. */
const EXTRA = 2;
/** A forward whose kernels differ from those of its chunk counts half an operation out of order: the first or the last may do so by right. */
const MIXED = 0.5;
/**
 * The next best schedule must be worse by at least one operation, and by half of what speaks against the best one but for missing operations: a recorder
 * that loses some loses them from every order alike.
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

/** What need be found out but once for a trace. */
export interface Memory {
  readonly hypotheses: Hypotheses;
  readonly exchangesOf: ExchangesOf;
  readonly costs: OrderCosts;
}

export const newMemory = (): Memory => ({ hypotheses: hypothesesOnce(), exchangesOf: exchangesOnce(), costs: new OrderCosts() });

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

/** Every hypothesis that comes near to the best one, with the lanes as ranks in one order. @param limit what another explanation already reaches */
function explainAll(lanes: readonly RankSeen[], ranks: readonly number[], { hypotheses, costs }: Memory, limit: number): Explanation[] {
  const untried = hypotheses(lanes.length, forwardCounts(lanes)).map(
    (hypothesis): Untried => ({
      hypothesis,
      ranks,
      least: sum(lanes, (lane, l) => costs.least(lane, orderOf(hypothesis, valueAt(ranks, l)), hypothesis.splits)),
    }),
  );
  const out: Explanation[] = [];
  let least = limit;
  for (const u of untried.sort((a, b) => a.least - b.least)) {
    const most = nearTo(least, lanes.length);
    if (u.least > most) break;
    const found = explain(u, lanes, costs, most);
    if (found === undefined) continue;
    out.push(found);
    least = Math.min(least, found.distance);
  }
  return out;
}

/** The same with the lanes as ranks in any order in which they may be. One that fits needs no other. */
function explainRanked(lanes: readonly RankSeen[], starts: readonly number[], memory: Memory, limit: number, total: number): Explanation[] {
  const out: Explanation[] = [];
  for (const ranks of rankings(starts)) {
    const least = Math.min(limit, ...out.map(x => x.distance));
    out.push(...explainAll(lanes, ranks, memory, least));
    if (Math.min(...out.map(x => x.distance)) <= FITS * total) break;
  }
  const least = Math.min(...out.map(x => x.distance));
  return out.filter(x => x.distance <= nearTo(least, lanes.length));
}

/** What kernels and messages say of an explanation beside the order. */
function withTheRest(x: Explanation, lanes: readonly RankSeen[], exchangesOf: ExchangesOf): Explanation {
  const exchanges = exchangesOf(x.hypothesis);
  const beside = sum(lanes, (_, l) => {
    const order = orderOf(x.hypothesis, valueAt(x.ranks, l));
    const own = x.explained[l];
    return own === undefined ? 0 : EXTRA * own.extra + MIXED * mixedChunks(own, order);
  });
  const messages = messageMisfit(
    lanes.map(l => l.messages),
    x.ranks.map(rank => itemAt(exchanges, rank)),
  );
  return { ...x, cost: x.distance + beside + messages + MIXED * strangeStages(x.explained, x.ranks, x.hypothesis) };
}

const nameOf = (x: Explanation): ScheduleName => x.hypothesis.textbook.name;

/** Operations of the order that were not seen. */
const missingOf = (x: Explanation) => sum(x.explained, e => (e === undefined ? 0 : e.distance - e.extra));

/** Numbers of forwards that are tried: those that most ways to read the lanes agree on. */
const MOST_COUNTS = 4;
/** Where lanes differ, each may have lost some: this share of them, but two at least. */
const MOST_LOST: Share = 0.01;

/** How many forwards a lane may have had. */
function forwardCounts(lanes: readonly RankSeen[]): number[] {
  const counts = lanes.flatMap(l => [...new Set(l.readings.map(r => r.operations.filter(o => o.kind === 0).length))]).filter(n => n > 0);
  const votes = new Map<number, number>();
  for (const n of counts) votes.set(n, (votes.get(n) ?? 0) + 1);
  const common = [...votes].sort((a, b) => b[1] - a[1] || b[0] - a[0]).slice(0, MOST_COUNTS);
  const [first] = common;
  const agreed = first === undefined || first[1] >= lanes.length;
  const more = agreed ? [] : range(Math.max(2, Math.ceil(MOST_LOST * first[0]))).map(i => first[0] + i + 1);
  return [...common.map(([n]) => n), ...more];
}

/** That nothing explains what the lanes did. */
export const undecided = (lanes: readonly RankSeen[]): Choice => ({
  best: undefined,
  possible: [],
  runnerUp: undefined,
  total: sum(lanes, l => max(l.readings, r => r.operations.length) ?? 0),
});

/**
 * The schedule of the literature that explains best what the lanes did: the order that must be changed least, over all schedules and
 * shapes with as many operations.
 * @param starts when each lane's first operation began, ns
 * @param limit operations that another way to see the same leaves unexplained: one that leaves many more is not looked for
 */
export function chooseSchedule(
  lanes: readonly RankSeen[],
  starts: readonly number[],
  memory: Memory = newMemory(),
  limit = Number.POSITIVE_INFINITY,
): Choice {
  const { total } = undecided(lanes);
  // What else speaks for and against costs more to find out, and never so much that the order would not count.
  const near = explainRanked(lanes, starts, memory, limit, total).map(x => withTheRest(x, lanes, memory.exchangesOf));
  near.sort((a, b) => a.cost - b.cost || a.hypothesis.shape.v - b.hypothesis.shape.v);
  const best = near[0];
  if (best === undefined || best.distance > MOST_DEPARTURES * total) return undecided(lanes);
  const margin = Math.max(LEAST_MARGIN, MARGIN_OF_REST * (best.cost - missingOf(best)));
  const ofNames = near.filter((x, i) => near.findIndex(y => nameOf(y) === nameOf(x)) === i);
  return { best, possible: ofNames.filter(x => x === best || x.cost - best.cost < margin), runnerUp: ofNames[1], total };
}
