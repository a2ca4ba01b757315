import { Tokenizer, TokenType } from '@streamparser/json';
import { badRecord } from './bad-record.ts';
import { JsonGrammar } from './json-grammar.ts';
import { asJson, depthAfter, notJson } from './json-text.ts';
import type { Text } from './text.ts';
import type { WarningCounter } from './warning-counter.ts';

/** A text as long as this is the prompt or the answer of a request, no setting of the run. */
const LONGEST_STRING = 4096;

/**
 * The numbers, texts and truth values that stand at the top of a JSON object, by their keys. For documents whose keys are not known
 * beforehand (p99.9_ttft_ms); arrays and objects are walked through and never held. Null and texts of more than 4096 characters are left out.
 * A document that ends early gives what it holds, and is noted in `counter`.
 * @throws ForensicsError 'bad-record' for what is not JSON, and for what nests too deep
 */
export const topScalars = (text: Text, source: string, counter: WarningCounter): Record<string, string | number | boolean> => {
  const found = new Map<string, string | number | boolean>();
  const failure: { error?: Error } = {};
  let depth = 0;
  let opened = 0;
  let key: string | undefined;
  let afterColon = false;
  const grammar = new JsonGrammar(false);
  const tokenizer = new Tokenizer();
  tokenizer.onError = error => {
    failure.error ??= error;
  };
  tokenizer.onToken = ({ token, value }) => {
    // A tokenizer takes tokens in any order: `1,0625` is two numbers to it.
    const wrong = grammar.accept(AS_WRITTEN[token] ?? String(value));
    if (wrong !== undefined) failure.error ??= new Error(wrong);
    const before = depth;
    depth = depthAfter(before, token);
    if (depth > before) opened += 1;
    else if (depth < before || depth !== 1) return;
    else if (token === TokenType.COLON) afterColon = true;
    else if (token === TokenType.COMMA) afterColon = false;
    else if (!afterColon) key = typeof value === 'string' ? value : undefined;
    else if (key !== undefined && isScalar(value)) found.set(key, value);
  };
  for (const piece of asJson(text)) {
    tokenizer.write(piece);
    if (failure.error !== undefined) throw notJson(failure.error, text, source);
  }
  if (opened === 0) throw badRecord({ source }, 'it is not a JSON object', 'Give the file as its tool wrote it.');
  if (depth > 0) counter.note('the file ends in the middle of the document; what stands before is used', 1);
  return Object.fromEntries(found);
};

/** Marks, and a stand-in for texts and numbers, of which the grammar asks nothing but their kind. */
const AS_WRITTEN: Readonly<Partial<Record<TokenType, string>>> = {
  [TokenType.LEFT_BRACE]: '{',
  [TokenType.RIGHT_BRACE]: '}',
  [TokenType.LEFT_BRACKET]: '[',
  [TokenType.RIGHT_BRACKET]: ']',
  [TokenType.COLON]: ':',
  [TokenType.COMMA]: ',',
  [TokenType.STRING]: '""',
  [TokenType.NUMBER]: '0',
};

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'number' || typeof value === 'boolean' || (typeof value === 'string' && value.length <= LONGEST_STRING);
