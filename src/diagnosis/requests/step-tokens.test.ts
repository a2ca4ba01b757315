import { describe, expect, test } from 'vitest';
import type { RequestRow } from '#schema/relation';
import { engineStepsOf, MS, requestRow, requestsOf, stepEndsOf } from '#test/attribution-sample';
import { stepTokens } from './step-tokens.ts';

/** Ten steps of 1 ms. A step's tokens arrive 0.25 ms after its end. */
const steps = engineStepsOf(stepEndsOf(10));
const after = (step: number) => step + 1.25;
/** A request whose first token comes of step `first`, and one more of each of those given. */
function request(first: number, more: readonly number[], rest: Partial<RequestRow> = {}): RequestRow {
  const tokens = [first, ...more].map(after);
  const gaps = Float32Array.from(more, (_, k) => (tokens[k + 1] ?? 0) - (tokens[k] ?? 0));
  return requestRow(after(first) - 1, tokens.at(-1) ?? 0, {
    first_token_ms: after(first),
    output_tokens: tokens.length,
    itl_ms: gaps,
    ...rest,
  });
}
const tokensOf = (rows: readonly RequestRow[], stampErrorMs = 0) => stepTokens(steps, requestsOf(rows), stampErrorMs * MS);

describe('the tokens of a step', () => {
  const laid = tokensOf([request(1, [2, 3, 4], { prompt_tokens: 100 }), request(3, [4, 4, 5], { prompt_tokens: 30 })]);
  test('are those that arrive before the next one is over, first ones and further ones', () =>
    expect(laid?.generated.slice(0, 7)).toEqual(Uint32Array.of(0, 1, 1, 2, 3, 1, 0)));
  test('of prompts are of those whose first token came', () =>
    expect(laid?.prompt.slice(0, 7)).toEqual(Float64Array.of(0, 100, 0, 30, 0, 0, 0)));
  test('go to as many sequences as got any', () => {
    expect(laid?.first.slice(0, 7)).toEqual(Uint32Array.of(0, 1, 0, 1, 0, 0, 0));
    expect(laid?.running.slice(0, 7)).toEqual(Uint32Array.of(0, 0, 1, 1, 2, 1, 0));
  });
});

test('a prompt of unknown length makes that of its step unknown', () =>
  expect(tokensOf([request(1, [2], { prompt_tokens: null }), request(3, [4])])?.prompt.slice(0, 4)).toEqual(
    Float64Array.of(0, Number.NaN, 0, 10),
  ));

test('an answer of one token needs no times between tokens', () => {
  const laid = tokensOf([request(1, [], { itl_ms: null })]);
  expect([laid?.generated[1], laid?.untold[1]]).toEqual([1, 0]);
});

test('a request whose tokens have no times leaves the steps of its life untold, and no others', () =>
  expect(tokensOf([request(1, [2, 3], { itl_ms: null })])?.untold).toEqual(Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0, 0, 1)));

test('tokens that came after the window are of no step: no result ended its last piece', () => {
  const laid = tokensOf([request(7, [8, 9, 11, 14])]);
  expect(laid?.generated.slice(7)).toEqual(Uint32Array.of(1, 1, 0));
  expect(laid?.untold[9]).toBe(1);
});

test('tokens are laid to steps up to half of one between the clocks', () => {
  expect(tokensOf([request(1, [2])], 0.5)).toBeDefined();
  expect(tokensOf([request(1, [2])], 0.51)).toBeUndefined();
});
