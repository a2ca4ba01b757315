import { sum } from 'd3-array';
import { realAt } from '#core/columns';
import type { Visible } from '#diagnosis/steps/visible';
import { visibleInSteps } from '#multi-gpu/training/visible';
import type { Cause } from '#schema/causes';
import type { EvidenceItem } from '#schema/evidence-item';
import type { Finding, RankedCause, Report } from '#schema/report';
import type { Training } from '#schema/training';
import type { Facts } from '../facts.ts';
import { trainingCauses, trainingFindings } from './causes.ts';
import { wordTraining } from './word-training.ts';

/** All that the report says of a training's steps. */
export interface ToldTraining {
  readonly training: Training | null;
  readonly causes: readonly RankedCause[];
  readonly findings: readonly Finding[];
  /** What the steps could show of each cause; undefined where none tell. */
  readonly visible: ReadonlyMap<Cause, Visible> | undefined;
  /** Undefined where there are no slow steps to account for: then the books are those of requests. */
  readonly books: Report['books'] | undefined;
  readonly unexplained: Report['unexplained'] | undefined;
}

const NOTHING: ToldTraining = { training: null, causes: [], findings: [], visible: undefined, books: undefined, unexplained: undefined };

/** The books, in which what may not be named is unexplained. */
function booksOf({ books, excess_ms }: Training, mayName: (cause: Cause) => boolean): Pick<ToldTraining, 'books' | 'unexplained'> {
  const isTold = (b: Training['books'][number]) => b.cause !== 'unexplained' && mayName(b.cause);
  const rest = books.filter(b => !isTold(b));
  const unexplained = { excess_ms: sum(rest, b => b.excess_ms), share: sum(rest, b => b.share) };
  const parts = books.filter(isTold).map(({ cause, excess_ms: ms, share }) => ({ cause, excess_ms: ms, share }));
  return {
    books: { excess_ms, parts: rest.length === 0 ? parts : [...parts, { cause: 'unexplained', ...unexplained }] },
    unexplained,
  };
}

/** Puts the steps of a training into words, with the causes and the books that rest on them. */
export function tellTraining(
  { training: facts, window }: Facts,
  evidence: (cause: Cause) => EvidenceItem[],
  mayName: (cause: Cause) => boolean,
): ToldTraining {
  if (facts === undefined) return NOTHING;
  const training = wordTraining(facts, window[0]);
  if (facts.found === undefined) return { ...NOTHING, training };
  const [first] = facts.found.ranks;
  const trained = first === undefined || first.n === 0 ? 0 : realAt(first.end, first.n - 1) - realAt(first.start, 0);
  return {
    training,
    causes: trainingCauses(training, facts, evidence).filter(c => mayName(c.cause)),
    findings: trainingFindings(training, trained / 1e6),
    visible: visibleInSteps(facts.ledgers),
    ...booksOf(training, mayName),
  };
}
