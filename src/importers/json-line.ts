import type { Line } from './lines.ts';
import { badRecord } from './refuse.ts';
import type { Tally } from './tally.ts';

/**
 * The JSON value of a line; undefined for a last line that is cut off (noted in `tally`). Integers beyond 2^53 are rounded.
 * @throws ForensicsError 'bad-record'
 */
export const parseJsonLine = (line: Line, source: string, tally: Tally, hint: string): unknown => {
  try {
    return JSON.parse(line.text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (!line.ended && line.text.trimStart().startsWith('{')) {
      tally.note('the file ends in the middle of this record, which was left out', line.number);
      return undefined;
    }
    throw badRecord({ source, line: line.number }, `the line is not a JSON object (${error.message})`, hint);
  }
};
