import { QUANTITIES, type Quantity, type Source, type Statement } from './statement.ts';
import type { StatementSet } from './statement-set.ts';

/**
 * impossible: arithmetic or physics forbids it.
 * implausible: numbers from elsewhere (an idle machine, other steps, peers) speak against it.
 * unsupported: what lies behind it cannot carry it: too few values, too short a time, a check that cannot fail.
 */
export type Severity = 'impossible' | 'implausible' | 'unsupported';

/** A statement that cannot stand beside the others. */
export interface Contradiction {
  readonly check: string;
  readonly severity: Severity;
  readonly claim: {
    readonly subject: string;
    readonly quantity: Quantity;
    readonly value: number;
    readonly unit: string;
    readonly text: string;
  };
  /** What the statement is held against, worked out from other statements. */
  readonly computed: { readonly what: string; readonly value: number; readonly unit: string };
  /** Holds every number that is needed to work it out again. */
  readonly sentence: string;
  readonly from: readonly Source[];
}

/** One way in which numbers can contradict each other. Pure: statements in, contradictions out. */
export interface Check {
  /** The folder's name: a noun, in the failing state. */
  readonly id: string;
  readonly title: string;
  readonly formula: string;
  /** Where the formula or the bound comes from. */
  readonly source: string;
  find(set: StatementSet): readonly Omit<Contradiction, 'check'>[];
}
export const defineCheck = (check: Check): Check => check;

/** Puts a contradiction together; `with` are the other statements it rests on. */
export const contradiction = (
  severity: Severity,
  statement: Statement,
  computed: Contradiction['computed'],
  sentence: string,
  others: readonly Statement[],
): Omit<Contradiction, 'check'> => {
  const from = [statement, ...others].map(c => c.source);
  return {
    severity,
    claim: {
      subject: statement.subject,
      quantity: statement.quantity,
      value: statement.value,
      unit: QUANTITIES[statement.quantity],
      text: statement.text,
    },
    computed,
    sentence,
    from: from.filter((s, i) => from.findIndex(o => o.file === s.file && o.line === s.line && o.path === s.path) === i),
  };
};
