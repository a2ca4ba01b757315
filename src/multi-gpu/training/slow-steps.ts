import { itemAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import type { CauseInIncident } from '#diagnosis/steps/explain-stalls';
import type { CauseOrRest } from '#schema/causes';
import type { Together } from './lockstep-steps.ts';
import type { RankLedger } from './rank-books.ts';
import { inOrder, type StepBooks } from './step-books.ts';

/** The books of one rank in a step that the ranks took together. */
export interface RankBooks {
  /** Index of the rank. */
  readonly rank: number;
  readonly books: StepBooks;
}

/** A step that took longer than steps do. */
export interface SlowStep {
  /** Its place among those of the ranks together. */
  readonly place: number;
  /** The rank that everybody waited for, with its own books. */
  readonly late: RankBooks;
  /** The other ranks: what they waited for the late one is in their books as such. */
  readonly others: readonly RankBooks[];
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
const toldOf = ({ books }: RankBooks): Ns => sumOf(books.causes, c => c.cause !== WAITING && c.cause !== 'unexplained');

/** What a rank waited for others, by the comparison of the ranks or, where that cannot tell, by how long its collectives ran. */
const waitedOf = ({ books }: RankBooks): Ns => {
  const told = sumOf(books.causes, c => c.cause === WAITING);
  return Math.max(told, Math.min(books.inCollectives, told + sumOf(books.causes, c => c.cause === 'unexplained')));
};

/** The rank whose own doing made the step long: the one with most to tell of itself, else the one that waited least for the others. */
function lateOf(slow: readonly RankBooks[]): RankBooks {
  const longest = Math.max(...slow.map(r => r.books.excess));
  const [told] = slow.toSorted((a, b) => toldOf(b) - toldOf(a));
  if (told !== undefined && toldOf(told) >= TELLING * longest) return told;
  return itemAt(
    slow.toSorted((a, b) => waitedOf(a) - waitedOf(b)),
    0,
  );
}

/** Books in which a part of the unexplained rest has got a cause after all. */
function explained({ rank, books }: RankBooks, ns: Ns, what: Omit<CauseInIncident, 'excess'>): RankBooks {
  const rest = sumOf(books.causes, c => c.cause === 'unexplained');
  const moved = Math.min(ns, rest);
  if (moved <= 0) return { rank, books };
  const known = books.causes.filter(c => c.cause !== 'unexplained');
  const same = known.find(c => c.cause === what.cause);
  const parts: CauseInIncident[] =
    same === undefined ? [...known, { ...what, excess: moved }] : known.map(c => (c === same ? { ...c, excess: c.excess + moved } : c));
  const left: CauseInIncident[] = rest > moved ? [{ cause: 'unexplained', excess: rest - moved, subject: '', confidence: 'low' }] : [];
  return { rank, books: { ...books, causes: inOrder([...parts, ...left]) } };
}

/** What kept the late rank, in a few words for those who waited. */
function whyLate({ books }: RankBooks): string {
  const [main] = books.causes;
  if (main === undefined || main.cause === 'unexplained') return 'unexplained';
  return main.subject === '' ? main.cause : `${main.cause} (${main.subject})`;
}

/** The books of a rank whose peers the trace does not hold: what it spent in collectives may be their doing, or the collective's. */
function alone(books: StepBooks): StepBooks {
  const subject = 'in collectives, with ranks that the trace does not hold';
  const isThere = (c: CauseInIncident) => c.cause === 'unexplained' && books.inCollectives >= MAIN_SHARE * c.excess && c.excess > 0;
  return { ...books, causes: books.causes.map(c => (isThere(c) ? { ...c, subject } : c)) };
}

/** A slow step of the ranks, each with its books. */
function judged(place: number, all: readonly RankBooks[], label: (rank: number) => string): SlowStep {
  const late = lateOf(all.filter(r => r.books.isSlow));
  const everyone = all.length > 1 && all.every(r => waitedOf(r) >= MAIN_SHARE * r.books.excess);
  if (everyone && toldOf(late) < TELLING * late.books.excess) {
    const slow = {
      cause: 'slow-collective' as const,
      subject: 'collectives ran longer on every rank, with no rank late',
      confidence: 'medium' as const,
    };
    const books = all.map(r => explained(r, r.books.inCollectives, slow));
    return { place, late: itemAt(books, all.indexOf(late)), others: books.filter((_, k) => all[k] !== late) };
  }
  if (all.length === 1) return { place, late: { ...late, books: alone(late.books) }, others: [] };
  const wait = { cause: WAITING, subject: `${label(late.rank)} was late: ${whyLate(late)}`, confidence: 'medium' as const };
  return { place, late, others: all.filter(r => r !== late).map(r => explained(r, r.books.inCollectives, wait)) };
}

/**
 * The slow steps, each put down to one rank: the time of those that waited for it is counted once.
 * @param open the books of each rank
 */
export function slowSteps(
  { groups }: Together,
  ledgers: readonly RankLedger[],
  open: readonly ((step: number) => StepBooks)[],
): readonly SlowStep[] {
  return groups.flatMap((group, place) => {
    if (!group.some((step, rank) => step !== undefined && itemAt(ledgers, rank).isSlow(step))) return [];
    const all = group.flatMap((step, rank): RankBooks[] => (step === undefined ? [] : [{ rank, books: itemAt(open, rank)(step) }]));
    return [judged(place, all, rank => itemAt(ledgers, rank).rank.label)];
  });
}
