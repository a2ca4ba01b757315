import { describe, expect, test } from 'vitest';
import { type Lengths, lengths } from './lengths.ts';
import { Prompts } from './prompts.ts';
import { rng } from './rng.ts';

const draw = (of: Lengths, n = 10_000) => [...lengths(of, n, rng(1, 'prompt-tokens'))].toSorted((a, b) => a - b);
const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;

describe('lengths', () => {
  test('constant', () => expect(new Set(draw({ kind: 'constant', tokens: 7 }))).toEqual(new Set([7])));
  test('uniform: both ends are as likely as what lies between', () => {
    const drawn = draw({ kind: 'uniform', from: 3, to: 6 });
    for (const tokens of [3, 4, 5, 6]) expect(Math.abs(drawn.filter(t => t === tokens).length - 2500)).toBeLessThan(250);
    expect(drawn.length).toBe(10_000);
    expect([drawn[0], drawn.at(-1)]).toEqual([3, 6]);
  });
  test('normal: mean and spread, and never less than a token', () => {
    const drawn = draw({ kind: 'normal', mean: 100, sd: 10 });
    expect(mean(drawn)).toBeCloseTo(100, -1);
    expect(drawn.filter(t => Math.abs(t - 100) <= 10).length / drawn.length).toBeCloseTo(0.7, 1);
    expect(draw({ kind: 'normal', mean: 1, sd: 10 })[0]).toBe(1);
  });
  test('lognormal: its median, and e to the sigma above it at the 84th percentile', () => {
    const drawn = draw({ kind: 'lognormal', median: 500, sigma: 0.8 });
    expect(drawn[5000]! / 500).toBeCloseTo(1, 1);
    expect(drawn[8413]! / (500 * Math.exp(0.8))).toBeCloseTo(1, 1);
  });
  test('trace: in order, from the beginning again when there are more', () =>
    expect([...lengths({ kind: 'trace', tokens: [3, 1] }, 5, () => 0)]).toEqual([3, 1, 3, 1, 3]));
});

describe('prompts', () => {
  const words = new Prompts('words', rng(1, 'prompts'));
  const ids = new Prompts('ids', rng(1, 'prompts'));
  const text = (i: number, tokens: number): string => JSON.parse(words.json(i, tokens));
  const numbers = (i: number, tokens: number): number[] => JSON.parse(ids.json(i, tokens));

  test.each([1, 2, 12, 70_000, 200_000])('of %d tokens have so many words, or ids', tokens => {
    expect(text(3, tokens).split(' ')).toHaveLength(tokens);
    expect(numbers(3, tokens)).toHaveLength(tokens);
  });
  test('begin each with something else, so that no prefix is shared', () => {
    expect(new Set([1, 2, 3, 4].map(i => text(i, 5).split(' ')[0])).size).toBe(4);
    expect(new Set([1, 2, 3, 4].map(i => numbers(i, 5)[0])).size).toBe(4);
  });
  test('ids are those that every vocabulary has', () =>
    expect(numbers(12_345, 5000).every(id => Number.isInteger(id) && id >= 1000 && id < 19_000)).toBe(true));
});
