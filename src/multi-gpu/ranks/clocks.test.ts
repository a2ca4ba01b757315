import { describe, expect, test } from 'vitest';
import { analyzeCollectives } from '#multi-gpu/collectives/analyze-collectives';
import { MS, options, recordingsOf, rng, US } from '#test/collectives-sample';
import { THOROUGH } from '#test/thorough';
import { mergeClocks } from './clocks.ts';
import { findRanks } from './ranks.ts';

const clocksOf = (run: Parameters<typeof recordingsOf>[0]) => {
  const sources = recordingsOf(run);
  return mergeClocks(sources, findRanks(sources));
};

describe.each(THOROUGH ? [2, 4, 8] : [2, 4])('%s ranks on as many hosts', ranks => {
  const random = rng(ranks);
  const skew = Array.from({ length: ranks }, (_, s) => (s === 0 ? 0 : (random() - 0.5) * 80 * MS));
  const drift = Array.from({ length: ranks }, (_, s) => (s === 0 ? 0 : (random() - 0.5) * 60));
  const begin = Array.from({ length: ranks }, () => Math.round(random() * -500 * MS));
  const run = { ranks, steps: 1500, perSource: 1, jitter: 60 * US, begin, late: [{ rank: ranks - 1, step: 600, ns: 25 * MS }] };

  test('the ends of collectives give back the skew', () => {
    for (const [s, clock] of clocksOf({ ...run, skew }).entries()) {
      if (s === 0) continue;
      expect(clock.method).toBe('ends of collectives');
      expect(Math.abs(clock.correction + skew[s]!)).toBeLessThan(2 * US);
      expect(clock.residual).toBeLessThan(2 * US);
    }
  });

  test('and the drift', () => {
    const clocks = clocksOf({ ...run, skew, drift });
    for (const [s, clock] of clocks.entries()) {
      if (s === 0) continue;
      expect(Math.abs(clock.driftPpm + drift[s]!)).toBeLessThan(2);
      expect(clock.residual).toBeLessThan(5 * US);
      // Two moments of the source, on the first one's clock.
      for (const t of [0.1e9, 0.25e9]) {
        const local = (t - (begin[s] ?? 0)) * (1 + (drift[s] ?? 0) * 1e-6);
        expect(Math.abs(local + clock.add(local) - (t - begin[0]!))).toBeLessThan(10 * US);
      }
    }
  });

  test('and the late rank is the right one', () => {
    const c = analyzeCollectives(recordingsOf({ ...run, skew, drift }), options);
    expect(c?.late).toMatchObject([{ rank: `rank ${ranks - 1}`, count: 1, cause: 'host-compute' }]);
    expect(c?.ops).toBe(1500);
    expect(c?.skew).toHaveLength(ranks);
  });
});

test('a skew within the scatter of the ends leaves the nominal clock as it is', () => {
  const [, clock] = clocksOf({ ranks: 2, steps: 500, perSource: 1, skew: [0, 5 * US] });
  expect(clock).toMatchObject({ method: 'nominal', correction: 0 });
});

test('reports that share no collective cannot be placed, and say so', () => {
  const [first] = recordingsOf({ ranks: 2, steps: 300, perSource: 1 });
  const [, other] = recordingsOf({ ranks: 2, steps: 300, perSource: 1, kernel: () => 'ncclDevKernel_AllGather_RING_LL' });
  if (first === undefined || other === undefined) throw new Error('no reports');
  expect(mergeClocks([first, other], findRanks([first, other]))[1]?.method).toBe('unknown');
  const both = [...recordingsOf({ ranks: 2, steps: 300 }), other];
  expect(analyzeCollectives(both, options)?.limits.adrift).toEqual([other.name]);
});

test('a report is reached over another that shares its collectives', () => {
  // Report 0 holds ranks 0 and 1, report 1 ranks 2 and 3, report 2 ranks 4 and 5; teams {0,2}, {3,5} and so on: 0 and 2 never meet.
  const team = (r: number) => [0, 9, 0, 1, 8, 1][r] ?? 0;
  const skew = [0, 7 * MS, -11 * MS];
  const clocks = clocksOf({ ranks: 6, steps: 1500, perSource: 2, jitter: 80 * US, team, skew });
  expect(clocks.map(c => c.method)).toEqual(['reference', 'ends of collectives', 'ends of collectives']);
  expect(Math.abs(clocks[1]!.correction + 7 * MS)).toBeLessThan(5 * US);
});

test('no order is claimed inside the residual', () => {
  // Entries differ by less than the clocks agree: with ends that scatter by milliseconds, a millisecond late is nobody's.
  const sources = recordingsOf({ ranks: 2, steps: 400, perSource: 1, jitter: 5 * US, late: [{ rank: 1, step: 200, ns: 3 * MS }] });
  const random = rng(5);
  const [first, second] = sources;
  if (first === undefined || second === undefined) throw new Error('no reports');
  const blurred = {
    ...second,
    ops: { ...second.ops, end: second.ops.end.map((t, i) => t + (second.ops.kind[i] === 1 ? (random() - 0.5) * 4 * MS : 0)) },
  };
  const c = analyzeCollectives([first, blurred], options);
  expect(c?.skew[1]?.residual_ms).toBeGreaterThan(1);
  expect(c?.late).toEqual([]);
  expect(analyzeCollectives(sources, options)?.late.map(l => l.rank)).toEqual(['rank 1']);
});
