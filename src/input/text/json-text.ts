import { TokenType } from '@streamparser/json';
import type { ForensicsError } from '#core/errors';
import { badRecord } from './bad-record.ts';
import { whereNoJson } from './json-error.ts';
import { pieces, type Text } from './text.ts';

/** Python's json module writes numbers that JSON does not know; they are missing values. Prose that looks the same is changed with them. */
const NOT_JSON = /([:[,]\s{0,8})(?:NaN|-?Infinity)(?=\s{0,8}[,\]}])/g;
/** Longer than any of those with the blanks around it: held back, so that none is cut in two. */
const HELD_BACK = 64;
/**
 * Deeper than any document that a tool writes: OTLP has the deepest, of a dozen levels. The parser looks through all open levels for each
 * value, so that in deeper ones a small file would cost the square of its length.
 */
const DEEPEST = 64;

/** The pieces of a JSON text, with null for the numbers that only Python writes, and without a byte order mark. */
export function* asJson(text: Text): Generator<string, void> {
  let rest = '';
  let first = true;
  for (const piece of pieces(text)) {
    const all = (rest + (first ? piece.replace(/^\ufeff/, '') : piece)).replace(NOT_JSON, '$1null');
    first = false;
    rest = all.slice(-HELD_BACK);
    if (all.length > HELD_BACK) yield all.slice(0, -HELD_BACK);
  }
  yield rest;
}

/** JSON.parse for what Python wrote: its numbers that JSON does not know are null. */
export const parsePython = (json: string): unknown => JSON.parse([...asJson(json)].join(''));

/**
 * How many arrays and objects are open behind a token.
 * @throws TooDeep for more than 64
 */
export const depthAfter = (depth: number, token: TokenType): number => {
  if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) return depth - 1;
  if (token !== TokenType.LEFT_BRACE && token !== TokenType.LEFT_BRACKET) return depth;
  if (depth === DEEPEST) throw new TooDeep(`it nests more than ${DEEPEST} levels deep, deeper than any file that is read here`);
  return depth + 1;
};

class TooDeep extends Error {}

/** Why a document is refused, and at which line and column it stops being JSON. */
export const notJson = (error: Error, text: Text, source: string): ForensicsError =>
  badRecord(
    { source },
    error instanceof TooDeep ? error.message : `it is not a JSON document (${whereNoJson(text, error, true)})`,
    'Give the file as its tool wrote it.',
  );
