import { JSONParser } from '@streamparser/json';
import { badRecord } from './refuse.ts';
import type { Tally } from './tally.ts';
import { pieces, type Text } from './text.ts';

/** One value of a JSON document, with the way that leads to it. */
export interface JsonValue {
  /** Keys and indices from the root: ["requests", 17]. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Python's json module writes numbers that JSON does not know; they are missing values. Prose that looks the same is changed with them. */
const NOT_JSON = /([:[,]\s{0,8})(?:NaN|-?Infinity)(?=\s{0,8}[,\]}])/g;
/** Longer than any of those with the blanks around it: held back, so that none is cut in two. */
const HELD_BACK = 64;

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

/**
 * Values of one large JSON document at the given paths (`$.duration`, `$.requests.*`), in the order of the file. Each is handed out
 * and forgotten, so that memory holds no more than the largest of them. Integers beyond 2^53 are rounded as doubles are.
 * A document that ends early gives what it holds, and is noted in `tally`.
 * @throws ForensicsError 'bad-record' for what is not JSON
 */
export function* jsonValues(text: Text, source: string, paths: readonly string[], tally: Tally): Generator<JsonValue, void> {
  const found: JsonValue[] = [];
  const failure: { error?: Error } = {};
  const parser = new JSONParser({ paths: [...paths], keepStack: false });
  parser.onValue = ({ value, key, stack }) =>
    found.push({ value, path: [...stack.map(level => level.key), key].filter(step => step !== undefined) });
  parser.onError = error => {
    failure.error ??= error;
  };
  for (const piece of asJson(text)) {
    if (!parser.isEnded) parser.write(piece);
    else if (piece.trim() !== '') failure.error ??= new Error('more follows after its end');
    yield* found.splice(0);
    if (failure.error !== undefined) throw notJson(failure.error, source);
  }
  if (parser.isEnded) return;
  tally.note('the file ends in the middle of the document; what stands before is used', 1);
}

export const notJson = (error: Error, source: string) =>
  badRecord({ source }, `it is not a JSON document (${error.message})`, 'Give the file as its tool wrote it.');
