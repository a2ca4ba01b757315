import { describe, expect, test } from 'vitest';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { STEP_KINDS, type StepKind } from '#diagnosis/steps/step-kinds';
import { engineStepsOf, MS, requestRow, requestsOf, stepEndsOf } from '#test/attribution-sample';
import { stepNames } from './step-names.ts';
import { stepTokens } from './step-tokens.ts';

/** Steps of 1 ms of these kinds, each ending with its tokens. */
function stepsOf(kinds: readonly StepKind[]): EngineSteps {
  return { ...engineStepsOf(stepEndsOf(kinds.length)), kind: Uint8Array.from(kinds, k => STEP_KINDS.indexOf(k)) };
}
const times = <T>(n: number, one: T): T[] => Array.from({ length: n }, () => one);

/** A request that gets its first token after step `first`, and so many after each of the steps from there on; they arrive 0.25 ms later. */
function request(first: number, more: readonly number[]) {
  const at = (step: number) => step + 1.25;
  const tokens = more.flatMap((n, k) => times(n, at(first + 1 + k)));
  const gaps = tokens.map((t, k) => t - (tokens[k - 1] ?? at(first)));
  const end = tokens.at(-1) ?? at(first);
  return requestRow(at(first) - 1, end, { first_token_ms: at(first), output_tokens: 1 + tokens.length, itl_ms: Float32Array.from(gaps) });
}
type Rows = readonly ReturnType<typeof requestRow>[];
function nameOf(kind: StepKind, kinds: readonly StepKind[], rows: Rows, stampErrorMs = 0) {
  const steps = stepsOf(kinds);
  const named = stepNames(steps, stepTokens(steps, requestsOf(rows), stampErrorMs * MS))[STEP_KINDS.indexOf(kind)];
  return `${named?.name} by ${named?.by}`;
}

describe('plain steps', () => {
  const plain = times<StepKind>(40, 'plain');
  test('are decodes where every running request gets a token', () =>
    expect(nameOf('plain', plain, [request(0, times(30, 1)), request(4, times(20, 1))])).toBe('decode by tokens'));
  test('verify guesses where tokens come several at once, and not always as many', () => {
    const guessed = Array.from({ length: 30 }, (_, i) => 1 + (i % 3));
    expect(nameOf('plain', plain, [request(0, guessed)])).toBe('verify by tokens');
  });
  test('are decodes where always as many come at once: several steps at one go', () =>
    expect(nameOf('plain', plain, [request(0, times(30, 2))])).toBe('decode by tokens'));
  test('are decodes where it is nearer to one token than to two', () =>
    expect(
      nameOf('plain', plain, [
        request(
          0,
          Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? 2 : 1)),
        ),
      ]),
    ).toBe('decode by tokens'));
  test('have no name where most of them give no tokens', () =>
    expect(
      nameOf('plain', plain, [
        request(
          0,
          Array.from({ length: 30 }, (_, i) => (i % 3 === 2 ? 1 : 0)),
        ),
      ]),
    ).toBe('plain by kernels'));
  test('have none without tokens, or where the clocks differ by more than half of a step', () => {
    expect(nameOf('plain', plain, [])).toBe('plain by kernels');
    expect(nameOf('plain', plain, [request(0, times(30, 1))], 0.5)).toBe('decode by tokens');
    expect(nameOf('plain', plain, [request(0, times(30, 1))], 0.51)).toBe('plain by kernels');
  });
});

describe('steps on prompts', () => {
  /** Every tenth step from the tenth on. */
  const withPrompts = (kind: StepKind) => Array.from({ length: 60 }, (_, i) => (i % 10 === 9 ? kind : 'plain'));
  /** One that decodes throughout, getting so many tokens in steps on prompts; and, each time, one that begins there. */
  const rows = (inPrompts: number, begin = [9, 19, 29, 39, 49]) => [
    request(
      0,
      Array.from({ length: 55 }, (_, k) => ((k + 1) % 10 === 9 ? inPrompts : 1)),
    ),
    ...begin.map(step => request(step, [])),
  ];
  test('are prefills where those who decode wait meanwhile', () => {
    expect(nameOf('prefill', withPrompts('prefill'), rows(0))).toBe('prefill by tokens');
    expect(nameOf('mixed', withPrompts('mixed'), rows(0))).toBe('prefill by tokens');
  });
  test('are mixed where those get their tokens as well', () => {
    expect(nameOf('prefill', withPrompts('prefill'), rows(1))).toBe('mixed by tokens');
    expect(nameOf('mixed', withPrompts('mixed'), rows(1))).toBe('mixed by tokens');
  });
  test('verify guesses where nobody gets a first token in any of them', () =>
    expect(nameOf('mixed', withPrompts('mixed'), rows(1, []))).toBe('verify by tokens'));
  test('keep the name that their kernels gave them without tokens, or where nobody gets any', () => {
    expect(nameOf('prefill', withPrompts('prefill'), [])).toBe('prefill by kernels');
    expect(nameOf('prefill', withPrompts('prefill'), rows(0, []))).toBe('prefill by kernels');
  });
  test('that their work alone tells are of prompts where most of them give first tokens', () => {
    expect(nameOf('heavier', withPrompts('heavier'), rows(1))).toBe('mixed by tokens');
    expect(nameOf('heavier', withPrompts('heavier'), rows(0))).toBe('prefill by tokens');
    expect(nameOf('heavier', withPrompts('heavier'), rows(1, [9, 19]))).toBe('heavier by kernels');
  });
});

test('a step that ran nothing has no other name, whatever arrives after it', () =>
  expect(
    nameOf(
      'other',
      Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 'other' : 'plain')),
      [request(0, times(30, 1))],
    ),
  ).toBe('other by kernels'));
