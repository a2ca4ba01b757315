import { ForensicsError } from '#core/errors';
import { badRecord } from './bad-record.ts';
import { jsonError } from './json-error.ts';
import { parsePython } from './json-text.ts';
import { type Line, lines } from './lines.ts';
import type { Text } from './text.ts';
import type { WarningCounter } from './warning-counter.ts';

export interface JsonLine {
  readonly line: number;
  readonly value: unknown;
}

interface Options {
  /** JSON.parse unless told otherwise; parseExact for integers beyond 2^53. */
  readonly parse?: (json: string) => unknown;
  /** What to do about a line that is not JSON. */
  readonly hint?: string;
  /** Lines that need not be read. */
  readonly skips?: (line: Line) => boolean;
}

/**
 * The values of a file with one JSON object a line. A last line that is cut off is left out and noted in `counter`.
 * @throws ForensicsError 'bad-record' for a line that is not JSON
 */
export function* jsonLines(text: Text, source: string, counter: WarningCounter, options: Options = {}): Generator<JsonLine, void> {
  for (const line of lines(text, source)) {
    if (options.skips?.(line) === true) continue;
    const value = parseJsonLine(line, source, counter, options);
    if (value !== undefined) yield { line: line.number, value };
  }
}

/**
 * The value of one line; undefined for a last line that is cut off, which is noted in `counter`.
 * @throws ForensicsError 'bad-record' for a line that is not JSON
 */
export const parseJsonLine = (
  line: Line,
  source: string,
  counter: WarningCounter,
  { parse = JSON.parse, hint = 'Mend or delete this line.' }: Options = {},
): unknown => {
  try {
    return parse(line.text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (line.ended || !line.text.trimStart().startsWith('{'))
      throw badRecord({ source, line: line.number }, `the line is not a JSON object (${inLine(line.text, error)})`, hint);
    counter.note('the file ends in the middle of this record, which was left out', line.number);
    return undefined;
  }
};

/**
 * Whether a file has a whole JSON document in its first line, and at least as many lines as asked for. What is too long for a line is
 * none.
 */
export const hasJsonLines = (text: Text, source: string, least: number): boolean => {
  try {
    const first: Line[] = [];
    for (const line of lines(text, source)) if (first.push(line) === least) break;
    if (first[0] === undefined || first.length < least) return false;
    parsePython(first[0].text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ForensicsError) return false;
    throw error;
  }
};

/** Where in a line its JSON ends; a cut-off line is told by its parser. */
const inLine = (text: string, error: Error): string => {
  const place = jsonError(text, false);
  return place === undefined ? error.message : `column ${place.column}: ${place.what}`;
};
