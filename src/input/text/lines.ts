import { badRecord } from './bad-record.ts';
import { pieces, type Text } from './text.ts';

export interface Line {
  /** Counted from 1, blank lines included. */
  readonly number: number;
  /** Without its line break. */
  readonly text: string;
  /** False for a last line that no line break follows: the writer may have been stopped in the middle of it. */
  readonly ended: boolean;
}

/** No record of any format we know comes near this; a file with such a line is not made of lines. */
const LONGEST_LINE = 16 * 1024 * 1024;

/**
 * The lines of a text that are not blank. Knows LF, CRLF and a byte order mark. Holds one line and one piece at a time.
 * @throws ForensicsError 'bad-record' for a line of more than 16 Mi characters.
 */
export function* lines(text: Text, source: string): Generator<Line, void> {
  let number = 1;
  let begun = '';
  for (const piece of pieces(text)) {
    let start = 0;
    for (let newline = piece.indexOf('\n'); newline >= 0; newline = piece.indexOf('\n', start)) {
      const line = lineOf(begun + piece.slice(start, newline), number, true, source);
      if (line !== undefined) yield line;
      begun = '';
      start = newline + 1;
      number += 1;
    }
    begun += piece.slice(start);
    if (begun.length > LONGEST_LINE) lineOf(begun, number, false, source);
  }
  const last = lineOf(begun, number, false, source);
  if (last !== undefined) yield last;
}

const lineOf = (raw: string, number: number, ended: boolean, source: string): Line | undefined => {
  if (raw.length > LONGEST_LINE)
    throw badRecord({ source, line: number }, `the line is ${raw.length} characters long`, 'Write one record to a line.');
  const from = number === 1 && raw.charCodeAt(0) === 0xfeff ? 1 : 0;
  const text = raw.slice(from, raw.charCodeAt(raw.length - 1) === 13 ? -1 : undefined);
  return text.trim() === '' ? undefined : { number, text, ended };
};
