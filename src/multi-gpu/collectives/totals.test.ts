import { expect, test } from 'vitest';
import { findGroups } from '#multi-gpu/ranks/groups';
import { findRanks } from '#multi-gpu/ranks/ranks';
import { MS, options, type Run, recordingsOf, rng, US } from '#test/collectives-sample';
import { analyzeCollectives } from './analyze-collectives.ts';

/** Random runs: any number of ranks, any faults. */
function randomRun(seed: number): Run {
  const random = rng(seed);
  const ranks = 2 + Math.floor(random() * 5);
  const steps = 40 + Math.floor(random() * 60);
  const pick = (n: number) => Math.floor(random() * n);
  return {
    ranks,
    steps,
    seed,
    jitter: random() * 200 * US,
    late: Array.from({ length: pick(4) }, () => ({ rank: pick(ranks), step: pick(steps), ns: random() * 40 * MS })),
    lost: Array.from({ length: pick(3) }, () => [pick(ranks), pick(steps)] as const),
  };
}
const SEEDS = Array.from({ length: 24 }, (_, k) => k + 1);

test('transfer and wait of every rank add up to the time of its matched kernels', () => {
  for (const seed of SEEDS) {
    const sources = recordingsOf(randomRun(seed));
    const c = analyzeCollectives(sources, options);
    if (c === undefined) throw new Error(`nothing found in run ${seed}`);
    const found = findRanks(sources);
    const groups = findGroups(found.streams, found.ranks.length);
    const time = new Float64Array(found.ranks.length);
    for (const g of groups)
      for (const [p, stream] of g.streams.entries()) {
        const ch = found.streams[stream];
        for (const i of g.index[p] ?? []) time[ch?.rank ?? 0] = (time[ch?.rank ?? 0] ?? 0) + (ch?.end[i] ?? 0) - (ch?.start[i] ?? 0);
      }
    for (const [r, rank] of c.per_rank.entries()) {
      expect(rank.transfer_ms + rank.wait_ms).toBeCloseTo(time[r]! / MS, 6);
      expect(rank.wait_ms).toBeGreaterThanOrEqual(0);
    }
    const waited = c.per_rank.reduce((s, r) => s + r.wait_ms, 0) / c.per_rank.length;
    expect(c.wait_ms).toBeCloseTo(waited, 6);
    expect(c.jitter_ms).toBeGreaterThanOrEqual(0);
    expect(c.jitter_ms).toBeLessThanOrEqual(c.wait_ms + 1e-9);
    expect(c.per_rank.reduce((s, r) => s + r.jitter_ms, 0) / c.per_rank.length).toBeCloseTo(c.jitter_ms, 6);
    for (const rank of c.per_rank) expect(rank.jitter_ms).toBeLessThanOrEqual(rank.wait_ms + 1e-9);
    expect(c.exposed_share).toBeGreaterThanOrEqual(0);
    expect(c.exposed_share).toBeLessThanOrEqual(1);
    expect(c.kinds.reduce((s, k) => s + k.count, 0)).toBe(c.ops);
    expect(c.kinds.reduce((s, k) => s + k.wait_ms, 0)).toBeCloseTo(c.wait_ms, 6);
  }
});

test('one report or one a rank, and whenever its session began: the answer is the same', () => {
  for (const seed of SEEDS.slice(0, 8)) {
    const run = randomRun(seed);
    const whole = analyzeCollectives(recordingsOf(run), options);
    const begin = Array.from({ length: run.ranks }, (_, s) => -s * 1_234_567);
    const apart = analyzeCollectives(recordingsOf({ ...run, perSource: 1, begin }), options);
    expect(apart?.ops).toBe(whole?.ops);
    expect(apart?.wait_ms).toBeCloseTo(whole!.wait_ms, 6);
    expect(apart?.late.map(l => [l.rank, l.count, l.cause])).toEqual(whole?.late.map(l => [l.rank, l.count, l.cause]));
    expect(apart?.skew.map(s => s.offset_ms)).toEqual(apart?.skew.map(() => 0));
  }
});

test('matching does not depend on the order of the reports', () => {
  for (const seed of SEEDS.slice(0, 8)) {
    const sources = recordingsOf({ ...randomRun(seed), perSource: 1 });
    const forwards = analyzeCollectives(sources, options);
    const backwards = analyzeCollectives(sources.toReversed(), options);
    const last = sources.length - 1;
    const renamed = backwards?.late.map(l => [`rank ${last - Number(l.rank.slice(5))}`, l.count]);
    expect(backwards?.ops).toBe(forwards?.ops);
    expect(backwards?.transfer_ms).toBeCloseTo(forwards!.transfer_ms, 6);
    expect(renamed?.toSorted()).toEqual(forwards?.late.map(l => [l.rank, l.count]).toSorted());
  }
});
