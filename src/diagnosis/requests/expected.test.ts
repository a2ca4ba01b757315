import { describe, expect, test } from 'vitest';
import { fitExpected, type Work } from './expected.ts';

/** Numbers that look random and never change. */
function rng(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const TRUE = { constant: 5, prompt: 0.02, output: 1.5, 'output x batch': 0.08 };
const worksOf = (n: number): Work[] => {
  const next = rng(7);
  return Array.from({ length: n }, () => ({ prompt: Math.round(next() * 2000), output: 1 + Math.round(next() * 200), batch: next() * 16 }));
};
const timeOf = (w: Work) =>
  TRUE.constant + TRUE.prompt * (w.prompt ?? 0) + TRUE.output * (w.output ?? 0) + TRUE['output x batch'] * (w.output ?? 0) * (w.batch ?? 0);
const values = (fit: ReturnType<typeof fitExpected>) => Object.fromEntries(fit.terms.map(t => [t.term, t.value]));

describe('the fit', () => {
  test('recovers what the times were made of', () => {
    const works = worksOf(120);
    const fit = fitExpected(works, works.map(timeOf));
    for (const [term, value] of Object.entries(TRUE)) expect(values(fit)[term]).toBeCloseTo(value, 3);
    expect(fit.sigma).toBeLessThan(1e-3);
  });
  test('recovers it to a few percent under noise and 30 % gross outliers, all of them delays', () => {
    const works = worksOf(200);
    const next = rng(3);
    const times = works.map((w, i) => timeOf(w) + (next() - 0.5) * 2 + (i % 10 < 3 ? 200 + 800 * next() : 0));
    const fit = fitExpected(works, times);
    expect(values(fit)['prompt']).toBeCloseTo(TRUE.prompt, 2);
    expect(values(fit)['output']).toBeCloseTo(TRUE.output, 1);
    expect(values(fit)['output x batch']).toBeCloseTo(TRUE['output x batch'], 2);
    const worst = Math.max(...works.map(w => Math.abs(fit.predict(w) - timeOf(w))));
    expect(worst).toBeLessThan(3);
  });
  test('measures the noise, not the outliers', () => {
    const works = worksOf(400);
    const next = rng(3);
    const fit = fitExpected(
      works,
      works.map((w, i) => timeOf(w) + (next() - 0.5) * 10 + (i % 10 === 0 ? 1000 : 0)),
    );
    // A spread of ±5 ms has a median absolute deviation of 2.5 ms; outliers raise it a little.
    expect(fit.sigma).toBeGreaterThan(3);
    expect(fit.sigma).toBeLessThan(5);
  });
});

describe('terms', () => {
  test('that come out negative are dropped: work cannot shorten a request', () => {
    const works = worksOf(100);
    const fit = fitExpected(
      works,
      works.map(w => 500 + (w.output ?? 0) - 0.1 * (w.prompt ?? 0)),
    );
    expect(Object.keys(values(fit))).not.toContain('prompt');
    for (const [term, value] of Object.entries(values(fit))) if (term !== 'constant') expect(value).toBeGreaterThanOrEqual(0);
  });
  test('that some request does not state are left out', () => {
    const works = worksOf(100).map((w, i) => (i === 17 ? { ...w, prompt: null } : w));
    const fit = fitExpected(works, works.map(timeOf));
    expect(fit.terms.map(t => t.term)).toEqual(expect.arrayContaining(['constant', 'output']));
    expect(fit.terms.map(t => t.term)).not.toContain('prompt');
  });
  test('all but the constant go where no tokens are known, and the median time remains', () => {
    const nothing: Work = { prompt: null, output: null, batch: null };
    const fit = fitExpected(
      Array(31).fill(nothing),
      Array.from({ length: 31 }, (_, i) => 100 + (i % 3)),
    );
    expect(fit.terms.map(t => t.term)).toEqual(['constant']);
    expect(fit.predict(nothing)).toBeCloseTo(101, 0);
  });
  test('need five requests each', () => {
    const works = Array.from({ length: 20 }, (_, i) => ({ prompt: 50 * i, output: 3 * i + ((i * i) % 5), batch: 1 + (i % 4) }));
    const terms = (n: number) => fitExpected(works.slice(0, n), works.slice(0, n).map(timeOf)).terms.length;
    expect([terms(9), terms(10), terms(14), terms(15), terms(20)]).toEqual([1, 2, 2, 3, 4]);
  });
});

describe('what is too little to fit', () => {
  test('one request is its own expectation', () => {
    const work = { prompt: 10, output: 10, batch: 1 };
    const fit = fitExpected([work], [42]);
    expect(fit.predict(work)).toBeCloseTo(42, 6);
    expect(fit.sigma).toBe(0);
  });
  test('requests that are all alike expect their common time', () => {
    const work = { prompt: 100, output: 20, batch: 2 };
    const fit = fitExpected(Array(50).fill(work), Array(50).fill(33));
    expect(fit.predict(work)).toBeCloseTo(33, 3);
    expect(fit.sigma).toBeLessThan(1e-6);
  });
  test('requests that are alike but for their time expect the middle', () => {
    const work = { prompt: 100, output: 20, batch: 2 };
    const fit = fitExpected(
      Array(51).fill(work),
      Array.from({ length: 51 }, (_, i) => 30 + (i % 3)),
    );
    expect(fit.predict(work)).toBeGreaterThanOrEqual(30);
    expect(fit.predict(work)).toBeLessThanOrEqual(32);
    expect(fit.terms.every(t => Number.isFinite(t.value))).toBe(true);
  });
  test('prompts and outputs in a fixed proportion still predict', () => {
    const works = Array.from({ length: 60 }, (_, i) => ({ prompt: 10 * (i + 1), output: i + 1, batch: 1 }));
    const fit = fitExpected(
      works,
      works.map(w => 3 + 2 * w.output),
    );
    for (const w of works) expect(fit.predict(w)).toBeCloseTo(3 + 2 * w.output, 1);
  });
});
