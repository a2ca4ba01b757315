import { lines } from './lines.ts';
import { badRecord } from './refuse.ts';
import type { Tally } from './tally.ts';
import type { Text } from './text.ts';

export interface JsonLine {
  readonly line: number;
  readonly value: unknown;
}

/**
 * The values of a file with one JSON value a line. A last line that is cut off is left out and noted in `tally`.
 * @param parse JSON.parse, or parseExact for integers beyond 2^53
 * @throws ForensicsError 'bad-record' for a line that is not JSON
 */
export function* jsonLines(
  text: Text,
  source: string,
  tally: Tally,
  parse: (json: string) => unknown = JSON.parse,
): Generator<JsonLine, void> {
  for (const { number: line, text: json, ended } of lines(text, source)) {
    let value: unknown;
    try {
      value = parse(json);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      if (ended) throw badRecord({ source, line }, `the line is not JSON (${error.message})`, 'Mend or delete this line.');
      tally.note('the file ends in the middle of this record, which was left out', line);
      continue;
    }
    yield { line, value };
  }
}
