import { ForensicsError } from '#core/errors';
import { visible } from '#core/format/visible';

/** Where in a file something is wrong. */
interface Place {
  readonly source: string;
  /** Counted from 1; absent when the file as a whole is wrong. */
  readonly line?: number;
  readonly field?: string;
}

/** The error for a record that cannot be right: one sentence that says where and what, and a hint that says what to do. */
export const badRecord = ({ source, line, field }: Place, what: string, hint: string): ForensicsError => {
  const where = [source, line === undefined ? '' : `line ${line}`, field === undefined ? '' : `field ${field}`];
  // What a parser says of a file quotes it, line ends and all.
  return new ForensicsError('bad-record', visible(`${where.filter(part => part !== '').join(', ')}: ${what}.`), hint);
};

/** Two results in one file: as one they would count twice what happened once, or lay two runs over each other. */
export const secondResult = (place: Place, what: string): ForensicsError =>
  badRecord(place, `${what}, so the file holds two results`, 'Cut it in two there, and give each result by itself.');

const LONGEST_QUOTE = 60;

/** A value from a file, fit to stand in a message: in quotes, on one line, cut short. */
export const quote = (value: unknown): string => {
  const text = visible(JSON.stringify(value) ?? String(value));
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`;
};
