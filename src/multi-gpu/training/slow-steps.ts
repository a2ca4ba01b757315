import { itemAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import type { CauseInIncident } from '#diagnosis/steps/explain-stalls';
import type { CauseOrRest } from '#schema/causes';
import type { Together } from './lockstep-steps.ts';
import type { RankLedger } from './rank-ledger.ts';
import { inOrder, type StepBreakdown } from './step-breakdown.ts';

/** Where the time of one rank went in a step that the ranks took together. */
export interface RankBreakdown {
  /** Index of the rank. */
  readonly rank: number;
  readonly breakdown: StepBreakdown;
}

/** A step that took longer than steps do. */
export interface SlowStep {
  /** Its place among those of the ranks together. */
  readonly place: number;
  /** The rank that everybody waited for, with its own breakdown. */
  readonly late: RankBreakdown;
  /** The other ranks: what they waited for the late one is told as such. */
  readonly others: readonly RankBreakdown[];
}

/** Causes that hold at least this share of an excess say whose it is. */
const TELLING: Share = 0.1;
/** The larger half of an excess in collectives, on every rank: nobody was late, the collectives themselves were slow. */
const MAIN_SHARE: Share = 0.5;

/** What a rank spends waiting for another is no doing of its own. */
const WAITING: CauseOrRest = 'collective-wait';

const sumOf = (causes: readonly CauseInIncident[], wanted: (c: CauseInIncident) => boolean): Ns =>
  causes.reduce((s, c) => s + (wanted(c) ? c.excess : 0), 0);

/** What a rank did itself that is known to have taken longer. */
const toldOf = ({ breakdown }: RankBreakdown): Ns => sumOf(breakdown.causes, c => c.cause !== WAITING && c.cause !== 'unexplained');

/** What a rank waited for others, by the comparison of the ranks or, where that cannot tell, by how long its collectives ran. */
const waitedOf = ({ breakdown }: RankBreakdown): Ns => {
  const told = sumOf(breakdown.causes, c => c.cause === WAITING);
  return Math.max(told, Math.min(breakdown.inCollectives, told + sumOf(breakdown.causes, c => c.cause === 'unexplained')));
};

/** The rank whose own doing made the step long: the one with most to tell of itself, else the one that waited least for the others. */
function lateOf(slow: readonly RankBreakdown[]): RankBreakdown {
  const longest = Math.max(...slow.map(r => r.breakdown.excess));
  const [told] = slow.toSorted((a, b) => toldOf(b) - toldOf(a));
  if (told !== undefined && toldOf(told) >= TELLING * longest) return told;
  return itemAt(
    slow.toSorted((a, b) => waitedOf(a) - waitedOf(b)),
    0,
  );
}

/** Books in which a part of the unexplained rest has got a cause after all. */
function explained({ rank, breakdown }: RankBreakdown, ns: Ns, what: Omit<CauseInIncident, 'excess'>): RankBreakdown {
  const rest = sumOf(breakdown.causes, c => c.cause === 'unexplained');
  const moved = Math.min(ns, rest);
  if (moved <= 0) return { rank, breakdown };
  const known = breakdown.causes.filter(c => c.cause !== 'unexplained');
  const same = known.find(c => c.cause === what.cause);
  const parts: CauseInIncident[] =
    same === undefined ? [...known, { ...what, excess: moved }] : known.map(c => (c === same ? { ...c, excess: c.excess + moved } : c));
  const left: CauseInIncident[] = rest > moved ? [{ cause: 'unexplained', excess: rest - moved, subject: '', confidence: 'low' }] : [];
  return { rank, breakdown: { ...breakdown, causes: inOrder([...parts, ...left]) } };
}

/** What kept the late rank, in a few words for those who waited. */
function whyLate({ breakdown }: RankBreakdown): string {
  const [main] = breakdown.causes;
  if (main === undefined || main.cause === 'unexplained') return 'unexplained';
  return main.subject === '' ? main.cause : `${main.cause} (${main.subject})`;
}

/** The breakdown of a rank whose peers the trace does not hold: what it spent in collectives may be their doing, or the collective's. */
function alone(breakdown: StepBreakdown): StepBreakdown {
  const subject = 'in collectives, with ranks that the trace does not hold';
  const isThere = (c: CauseInIncident) => c.cause === 'unexplained' && breakdown.inCollectives >= MAIN_SHARE * c.excess && c.excess > 0;
  return { ...breakdown, causes: breakdown.causes.map(c => (isThere(c) ? { ...c, subject } : c)) };
}

/** A slow step of the ranks, each with its breakdown. */
function judged(place: number, all: readonly RankBreakdown[], label: (rank: number) => string): SlowStep {
  const late = lateOf(all.filter(r => r.breakdown.isSlow));
  const everyone = all.length > 1 && all.every(r => waitedOf(r) >= MAIN_SHARE * r.breakdown.excess);
  if (everyone && toldOf(late) < TELLING * late.breakdown.excess) {
    const slow = {
      cause: 'slow-collective' as const,
      subject: 'collectives ran longer on every rank, with no rank late',
      confidence: 'medium' as const,
    };
    const breakdowns = all.map(r => explained(r, r.breakdown.inCollectives, slow));
    return { place, late: itemAt(breakdowns, all.indexOf(late)), others: breakdowns.filter((_, k) => all[k] !== late) };
  }
  if (all.length === 1) return { place, late: { ...late, breakdown: alone(late.breakdown) }, others: [] };
  const wait = { cause: WAITING, subject: `${label(late.rank)} was late: ${whyLate(late)}`, confidence: 'medium' as const };
  return { place, late, others: all.filter(r => r !== late).map(r => explained(r, r.breakdown.inCollectives, wait)) };
}

/**
 * The slow steps, each put down to one rank: the time of those that waited for it is counted once.
 * @param open the breakdown of each rank
 */
export function slowSteps(
  { groups }: Together,
  ledgers: readonly RankLedger[],
  open: readonly ((step: number) => StepBreakdown)[],
): readonly SlowStep[] {
  return groups.flatMap((group, place) => {
    if (!group.some((step, rank) => step !== undefined && itemAt(ledgers, rank).isSlow(step))) return [];
    const all = group.flatMap((step, rank): RankBreakdown[] => (step === undefined ? [] : [{ rank, breakdown: itemAt(open, rank)(step) }]));
    return [judged(place, all, rank => itemAt(ledgers, rank).rank.label)];
  });
}
