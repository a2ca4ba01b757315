import { itemAt } from '#core/columns';
import type { Ns, Share } from '#core/units';
import type { CauseInIncident } from '#diagnosis/steps/explain-stalls';
import type { CauseOrRest } from '#schema/causes';
import type { Together } from './lockstep-steps.ts';
import type { RankLedger } from './rank-books.ts';
import type { StepBooks } from './step-books.ts';

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

/** What a rank spends waiting for another is no doing of its own. */
const WAITING: CauseOrRest = 'collective-wait';

const sumOf = (causes: readonly CauseInIncident[], wanted: (c: CauseInIncident) => boolean): Ns =>
  causes.reduce((s, c) => s + (wanted(c) ? c.excess : 0), 0);

/** What a rank lost by itself: all that it did not spend waiting for others. */
const ownOf = ({ books }: RankBooks): Ns => sumOf(books.causes, c => c.cause !== WAITING);
const toldOf = ({ books }: RankBooks): Ns => sumOf(books.causes, c => c.cause !== WAITING && c.cause !== 'unexplained');

/** The rank whose own doing made the step long: the one with most to tell of itself, else the one with most that it did not wait for others. */
function lateOf(slow: readonly RankBooks[]): RankBooks {
  const longest = Math.max(...slow.map(r => r.books.excess));
  const [told] = slow.toSorted((a, b) => toldOf(b) - toldOf(a));
  if (told !== undefined && toldOf(told) >= TELLING * longest) return told;
  return itemAt(
    slow.toSorted((a, b) => ownOf(b) - ownOf(a)),
    0,
  );
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
    const late = lateOf(all.filter(r => r.books.isSlow));
    return [{ place, late, others: all.filter(r => r !== late) }];
  });
}
