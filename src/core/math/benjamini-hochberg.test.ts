import { describe, expect, test } from 'vitest';
import { benjaminiHochberg } from './benjamini-hochberg.ts';

/** The example of Benjamini & Hochberg 1995, §4.1: thrombolysis after infarction, 15 comparisons (Neuhaus et al. 1992). */
const PAPER = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];

describe('the 15 p-values of Benjamini & Hochberg 1995', () => {
  test('lead to four rejections at 0.05, where Bonferroni finds three', () => {
    const found = benjaminiHochberg(PAPER, 0.05);
    expect(found.rejected.filter(Boolean)).toHaveLength(4);
    expect(found.rejected.slice(0, 4)).toEqual([true, true, true, true]);
    expect(PAPER.filter(p => p <= 0.05 / 15)).toHaveLength(3);
    expect(found.hypotheses).toBe(15);
  });
  test('have the adjusted values of p.adjust(method = "BH") in R', () => {
    const { adjusted } = benjaminiHochberg(PAPER);
    const wanted = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571, 0.0638571, 0.0645, 0.0765, 0.486];
    for (const [i, value] of wanted.entries()) expect(adjusted[i]).toBeCloseTo(value, 6);
  });
  test('lead to three under any dependence (Benjamini & Yekutieli 2001)', () => {
    const found = benjaminiHochberg(PAPER, 0.05, 'any');
    expect(found.rejected.filter(Boolean)).toHaveLength(3);
    // c(15) = 1 + 1/2 + … + 1/15 = 3.318229.
    expect(found.adjusted[0]).toBeCloseTo(0.0015 * 3.318229, 6);
  });
  test('may come in any order', () => {
    const { adjusted } = benjaminiHochberg(PAPER);
    expect(benjaminiHochberg(PAPER.toReversed()).adjusted).toEqual(adjusted.toReversed());
  });
});

test('of no hypotheses none is rejected', () => expect(benjaminiHochberg([])).toMatchObject({ hypotheses: 0, rejected: [] }));
test('of one hypothesis nothing changes', () => expect(benjaminiHochberg([0.03]).adjusted).toEqual([0.03]));
