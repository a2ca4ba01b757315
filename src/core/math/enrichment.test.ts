import { randomLcg } from 'd3-random';
import { describe, expect, test } from 'vitest';
import { THOROUGH } from '#test/thorough';
import { enrichment } from './enrichment.ts';
import { type Spans, spansOf } from './spans.ts';

const T = 10_000;
/** Pairs of unrelated events and windows; the bounds below follow their number. */
const PAIRS = THOROUGH ? 200 : 60;
/** Bursts of events at random places: close neighbours within a burst, as gaps of one cause have. */
function bursts(seed: number, count: number): Spans {
  const random = randomLcg(seed * 104_729 + 1);
  return spansOf(
    Array.from({ length: count }, () => random() * (T - 400)).flatMap(at =>
      [0, 60, 120, 180].map(step => [at + step, at + step + 20 + 20 * random()] as const),
    ),
  );
}

describe('events that have nothing to do with the windows', () => {
  const ps = Array.from(
    { length: PAIRS },
    (_, i) => enrichment(bursts(i, 25), bursts(i + 1000, 20), [0, T], { shifts: 199 })?.p ?? Number.NaN,
  );
  test('have p-values that are uniform (Kolmogorov-Smirnov)', () => {
    const sorted = ps.toSorted((a, b) => a - b);
    const distance = Math.max(...sorted.map((p, i) => Math.max(Math.abs((i + 1) / PAIRS - p), Math.abs(i / PAIRS - p))));
    // The critical distance at 1 %.
    expect(distance).toBeLessThan(1.63 / Math.sqrt(PAIRS));
  });
  test('are found enriched about as often as alpha says', () => {
    // Three standard deviations above a twentieth.
    expect(ps.filter(p => p <= 0.05).length).toBeLessThanOrEqual(0.05 * PAIRS + 3 * Math.sqrt(0.05 * 0.95 * PAIRS));
  });
});

describe('events that lie in the windows alone', () => {
  const windows = spansOf([
    [1000, 1400],
    [3300, 3500],
    [8000, 8700],
  ]);
  const events = spansOf([
    [1100, 1300],
    [3310, 3400],
    [8100, 8600],
  ]);
  const found = enrichment(events, windows, [0, T]);
  test('are enriched as surely as the shifts can say, with an odds ratio far above one', () => {
    // Small shifts leave most events inside, and count against it.
    expect(found?.p).toBeLessThan(0.02);
    expect(found?.odds_ratio_ci[0]).toBeGreaterThan(1);
    expect(found?.odds_ratio).toBeGreaterThan(found!.odds_ratio_ci[0]);
  });
  test('have their shares of the time inside and outside', () => {
    expect(found?.share_inside).toBeCloseTo(790 / 1300, 12);
    expect(found?.share_outside).toBe(0);
    expect(found).toMatchObject({ shifts: 2000 });
  });
  test('the answer is the same each time', () => expect(enrichment(events, windows, [0, T])).toEqual(found));
});

test('a two-by-two table of time has the odds ratio of its counts', () => {
  // 256 cells of 20: 128 in windows of which 64 are events, 128 outside of which 32 are: (64·96)/(64·32) = 3, plus half a cell each.
  const windows = spansOf([[0, 2560]]);
  const events = spansOf([
    [0, 1280],
    [2560, 3200],
  ]);
  const { odds_ratio } = enrichment(events, windows, [0, 5120]) ?? { odds_ratio: Number.NaN };
  expect(odds_ratio).toBeCloseTo((64.5 * 96.5) / (64.5 * 32.5), 9);
});

test.each([
  ['no window', spansOf([[0, 1]]), spansOf([])],
  ['no event', spansOf([]), spansOf([[0, 1]])],
  ['a window without an outside', spansOf([[0, 1]]), spansOf([[0, T]])],
])('%s leaves nothing to compare', (_, events, windows) => expect(enrichment(events, windows, [0, T])).toBeUndefined());
