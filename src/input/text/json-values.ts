import { JSONParser } from '@streamparser/json';
import { asJson, depthAfter, notJson } from './json-text.ts';
import type { Text } from './text.ts';
import type { WarningCounter } from './warning-counter.ts';

/** One value of a JSON document, with the way that leads to it. */
export interface JsonValue {
  /** Keys and indices from the root: ["requests", 17]. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/**
 * Values of one large JSON document at the given paths (`$.duration`, `$.requests.*`), in the order of the file. Each is handed out
 * and forgotten, so that memory holds no more than the largest of them. Integers beyond 2^53 are rounded as doubles are.
 * A document that ends early gives what it holds, and is noted in `counter`.
 * @throws ForensicsError 'bad-record' for what is not JSON, and for what nests too deep
 */
export function* jsonValues(text: Text, source: string, paths: readonly string[], counter: WarningCounter): Generator<JsonValue, void> {
  const found: JsonValue[] = [];
  const failure: { error?: Error } = {};
  let depth = 0;
  const parser = new JSONParser({ paths: [...paths], keepStack: false });
  parser.onValue = ({ value, key, stack }) =>
    found.push({ value, path: [...stack.map(level => level.key), key].filter(step => step !== undefined) });
  parser.onToken = ({ token }) => {
    depth = depthAfter(depth, token);
  };
  parser.onError = error => {
    failure.error ??= error;
  };
  for (const piece of asJson(text)) {
    if (!parser.isEnded) parser.write(piece);
    else if (piece.trim() !== '') failure.error ??= new Error('more follows after its end');
    yield* found.splice(0);
    if (failure.error !== undefined) throw notJson(failure.error, text, source);
  }
  if (parser.isEnded) return;
  counter.note('the file ends in the middle of the document; what stands before is used', 1);
}
