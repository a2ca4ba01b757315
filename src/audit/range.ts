import type { Statement } from './statement.ts';

/** What a number may be, both ends included. */
export interface Range {
  readonly lower: number;
  readonly upper: number;
}
type Positive = Pick<Statement, 'lower' | 'upper'>;

/** Of positive quantities. */
export const times = (a: Positive, b: Positive): Range => ({ lower: a.lower * b.lower, upper: a.upper * b.upper });
export const over = (a: Positive, b: Positive): Range => ({ lower: a.lower / b.upper, upper: b.lower > 0 ? a.upper / b.lower : Infinity });

/** Whether two ranges have nothing in common even when each is widened by a share of itself. */
export const apart = (a: Positive, b: Positive, slack: number): boolean =>
  a.lower > b.upper * (1 + slack) || b.lower > a.upper * (1 + slack);
