import { randomLcg, randomLogNormal, randomUniform } from 'd3-random';
import { describe, expect, test } from 'vitest';
import type { RequestRow } from '#schema/relation';
import { alignRequests } from './align-requests.ts';
import { bunches, tokenEnds } from './step-ends.ts';

const MS = 1e6;
/** Ends of steps of an engine: about 3 ms apart, some steps with a prompt in them, some pauses. Every step hands out one to eight tokens. */
function engine(seed: number, steps: number) {
  const even = randomUniform.source(randomLcg(seed))(0, 1);
  const ends: number[] = [];
  for (let i = 0, t = 0; i < steps; i++) {
    t += (2.8 + 0.2 * even() + (even() < 0.1 ? 4 * even() : 0) + (even() < 0.01 ? 80 * even() : 0)) * MS;
    ends.push(t);
  }
  return { ends: Float64Array.from(ends), tokens: ends.flatMap(t => Array.from({ length: 1 + Math.floor(8 * even()) }, () => t)) };
}
const TRUE_OFFSET = -123_456.789 * MS;

describe('the offset is recovered', () => {
  test.each([
    ['exact stamps', 0],
    ['a client that stamps tokens 0.3 ms later, give or take', 0.3],
  ])('from %s', (_, delayMs) => {
    for (let seed = 1; seed <= 2; seed++) {
      const { ends, tokens } = engine(seed / 10, 3000);
      const delay = randomLogNormal.source(randomLcg(0.5))(Math.log(delayMs * MS + 1), 0.5);
      const stamped = Float64Array.from(tokens, t => t - TRUE_OFFSET + delay()).sort();
      const found = alignRequests(stamped, ends);
      expect(found).toMatchObject({ kind: 'found' });
      // The usual delay is part of the offset; what is left is a fraction of a step.
      if (found.kind === 'found') expect(Math.abs(found.offset - TRUE_OFFSET + delayMs * MS)).toBeLessThan(0.2 * MS);
    }
  });

  test('where the trace covers a part of the test only', () => {
    const { ends, tokens } = engine(0.7, 6000);
    const part = ends.subarray(2500, 3500);
    const found = alignRequests(
      Float64Array.from(tokens, t => t - TRUE_OFFSET),
      part,
    );
    expect(found.kind === 'found' && Math.abs(found.offset - TRUE_OFFSET)).toBeLessThan(1000);
  });

  test('where a tenth of the tokens was never stamped', () => {
    const { ends, tokens } = engine(0.8, 3000);
    const even = randomUniform.source(randomLcg(0.3))(0, 1);
    const kept = tokens.filter(() => even() > 0.1).map(t => t - TRUE_OFFSET);
    const found = alignRequests(Float64Array.from(kept), ends);
    expect(found.kind === 'found' && Math.abs(found.offset - TRUE_OFFSET)).toBeLessThan(1000);
  });
});

describe('it is refused', () => {
  const whyNot = (tokens: readonly number[] | Float64Array, ends: Float64Array) => {
    const result = alignRequests(Float64Array.from(tokens), ends);
    return result.kind === 'refused' ? result.why : result;
  };
  test('where all steps take the same time: one offset fits as well as the next', () => {
    const ends = Float64Array.from({ length: 2000 }, (_, i) => 3 * MS * i);
    expect(whyNot(ends, ends)).toMatch(/fit almost equally well/);
  });
  test('where the test belongs to another run', () => {
    for (let seed = 1; seed <= 2; seed++)
      expect(whyNot(engine(seed / 10, 2000).tokens, engine(0.9, 2000).ends)).toMatch(/fit almost|at best/);
  });
  test('where there is too little', () => {
    const { ends, tokens } = engine(0.2, 2000);
    expect(whyNot(tokens.slice(0, 40), ends)).toMatch(/only \d+ times of tokens/);
    expect(whyNot(tokens, ends.subarray(0, 40))).toMatch(/only 40 ends/);
  });
  test('where it all lasts too long to be searched', () => {
    const { ends } = engine(0.2, 2000);
    expect(whyNot([...ends, 4e13], ends)).toMatch(/too long/);
  });
});

test('tokens of one step are one end, and failed requests have none', () => {
  const row = (status: RequestRow['status'], first: number): RequestRow => ({
    id: `${first}`,
    intended_ms: null,
    arrival_ms: 0,
    scheduled_ms: null,
    first_token_ms: first,
    finish_ms: first + 6,
    prompt_tokens: null,
    output_tokens: null,
    itl_ms: Float32Array.of(3, 3),
    status,
  });
  const ends = tokenEnds([row('ok', 10), row('ok', 10.1), row('failed', 50)]);
  expect([...ends]).toEqual([10, 10.1, 13, 13.1, 16, 16.1]);
  expect([...bunches(ends, 3)]).toEqual([10, 13, 16]);
});
