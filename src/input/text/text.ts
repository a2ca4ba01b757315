import { ForensicsError } from '#core/errors';

/** The text of a file: whole, or in pieces of any length that can be walked again and again without holding all of it. */
export type Text = string | Iterable<string>;

/** Larger documents are refused where they must be held whole: one string in V8 holds 512 MiB at most. */
const LARGEST_WHOLE = 400 * 2 ** 20;

/** The text in pieces. */
export const pieces = (text: Text): Iterable<string> => (typeof text === 'string' ? [text] : text);

/** The first `length` characters. */
export const head = (text: Text, length: number): string => {
  let start = '';
  for (const piece of pieces(text)) {
    start += piece;
    if (start.length >= length) break;
  }
  return start.slice(0, length);
};

/**
 * All of the text at once, for formats that cannot be read otherwise.
 * @throws ForensicsError 'not-readable' for more than 400 Mi characters
 */
export const whole = (text: Text, source: string): string => {
  const parts: string[] = [];
  let length = 0;
  for (const piece of pieces(text)) {
    parts.push(piece);
    length += piece.length;
    if (length > LARGEST_WHOLE)
      throw new ForensicsError(
        'not-readable',
        `${source} has more than 400 MiB, more than can be held at once.`,
        'Cut it to the time of the trace.',
      );
  }
  return parts.join('');
};
