import { JsonGrammar, LONGEST_SHOWN } from './json-grammar.ts';
import { pieces, type Text } from './text.ts';

/** Where a text stops being JSON (RFC 8259), and what stands there. */
export interface JsonError {
  /** Counted from 1, as editors do. */
  readonly line: number;
  readonly column: number;
  readonly what: string;
}

const SPACE = /[ \t\n\r\ufeff]/;
/** No number that a tool writes is longer; what is cut here is no literal either. */
const LONGEST_LITERAL = 400;
const LITERAL_PART = /[\w.+-]/;

/**
 * The first place at which a text is no JSON document; undefined for one that is whole. It is asked once a parser has refused the text, or
 * about a text that a parser does not check: a parser that only looks for tokens reads `1,0625` as two numbers.
 * @param python whether NaN and Infinity may stand for numbers, as Python writes them
 */
export function jsonError(text: Text, python: boolean): JsonError | undefined {
  const grammar = new JsonGrammar(python);
  let [line, column] = [1, 0];
  let token = '';
  let start = { line, column };
  let state: 'between' | 'literal' | 'string' | 'escape' = 'between';
  const told = (): JsonError | undefined => {
    const what = grammar.accept(token);
    token = '';
    state = 'between';
    return what === undefined ? undefined : { ...start, what };
  };
  for (const piece of pieces(text))
    for (const c of piece) {
      column += 1;
      if (state === 'literal' && !LITERAL_PART.test(c)) {
        const error = told();
        if (error !== undefined) return error;
      }
      if (state === 'string' || state === 'escape') {
        if (c < ' ') return { line, column, what: 'a line or a tab ends inside of a text in quotes' };
        if (token.length < LONGEST_SHOWN) token += c;
        const isEnd = state === 'string' && c === '"';
        state = state === 'string' && c === '\\' ? 'escape' : 'string';
        const error = isEnd ? told() : undefined;
        if (error !== undefined) return error;
      } else if (state === 'literal') {
        if (token.length < LONGEST_LITERAL) token += c;
      } else if (!SPACE.test(c)) {
        start = { line, column };
        token = c;
        state = c === '"' ? 'string' : LITERAL_PART.test(c) ? 'literal' : 'between';
        const error = state === 'between' ? told() : undefined;
        if (error !== undefined) return error;
      }
      if (c === '\n') {
        line += 1;
        column = 0;
      }
    }
  const last = state === 'literal' ? told() : undefined;
  if (last !== undefined) return last;
  const what = state === 'between' ? grammar.lacks : 'it ends inside of a text in quotes';
  return what === undefined ? undefined : { line, column: column + 1, what };
}

/** The same in words: `line 3, column 12: "0625" stands where a name in quotes belongs`; what the parser said of a text that has no such place. */
export function whereNoJson(text: Text, error: Error, python = false): string {
  const place = jsonError(text, python);
  return place === undefined ? error.message : `line ${place.line}, column ${place.column}: ${place.what}`;
}
