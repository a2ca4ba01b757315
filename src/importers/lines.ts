import { badRecord } from './refuse.ts';

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
 * The lines of a text that are not blank. Knows LF, CRLF and a byte order mark.
 * @throws ForensicsError 'bad-record' for a line of more than 16 Mi characters.
 */
export function* lines(text: string, source: string): Generator<Line, void> {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let number = 1; start < text.length; number += 1) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    if (end - start > LONGEST_LINE) {
      throw badRecord({ source, line: number }, `the line is ${end - start} characters long`, 'Write one record to a line.');
    }
    const line = text.slice(start, text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end);
    if (line.trim() !== '') yield { number, text: line, ended: newline >= 0 };
    start = end + 1;
  }
}
