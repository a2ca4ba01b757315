import { describe, expect, test } from 'vitest';
import type { CollectiveFacts } from '#multi-gpu/collectives/facts';
import { Collectives } from '#schema/collectives';
import { collectiveLimits, matchedBy } from './collective-limits.ts';
import { collectivesAnswer, wordCollectives } from './collectives.ts';

const LIMITS = { isAlgorithmHidden: false, unmatched: 0, adrift: [], residual: 0, lacksOsCalls: false };
const PAYLOADS = { kernels: 240, communicators: 240, messages: 240 };
const facts = (over: Partial<CollectiveFacts> = {}): CollectiveFacts => ({
  ...{ ranks: ['rank 0', 'rank 1'], ops: 1200, transfer_ms: 90.04, wait_ms: 30, jitter_ms: 30 },
  ...{ point_to_point: { ops: 0, transfer_ms: 0, wait_ms: 0 }, exposed_share: 0.123, kinds: [], per_rank: [], late: [], skew: [] },
  ...{ payloads: PAYLOADS, ordered: { count: 0, longest: 0, total: 0 }, longJitter: { longest: 0, counts: [0, 0] } },
  ...{ usuallyLast: [], spells: [], settings: [], limits: LIMITS },
  ...over,
});
const late = { rank: 'rank 1', count: 1, wait_ms: 0.04, cause: 'host-compute' as const, why: 'its Python', worst: [] };

describe('who everyone waits for', () => {
  test('is nobody, where all of it is jitter', () =>
    expect(collectivesAnswer(facts())).toBe(
      'Each rank spent 120 ms on average in 1,200 collectives of 2 ranks: 90.0 ms of transfer (as long as the rank that waits least) and 30 ms of waiting. No rank was late beyond the jitter. All 30 ms of waiting is jitter. 12 % of the communication does not overlap compute.',
    ));
  test('is a late rank, with its cause', () => {
    const text = collectivesAnswer(facts({ wait_ms: 61, late: [late, { ...late, rank: 'rank 0', count: 12, wait_ms: 61 }] }));
    expect(text).toContain(
      'Rank 1 came late once, and the others waited 0.040 ms for it, all of them together (< 0.1 % of all waiting): host computing (its Python).',
    );
    expect(text).toContain('Rank 0 came late 12 times, and the others waited 61 ms for it');
    expect(text).toContain('(50 % of all waiting)');
    expect(text).toContain('The rest is jitter, 30 ms a rank on average.');
    expect(text).not.toContain('No rank was late');
  });
  test('is nobody for what the order of the work asks', () => {
    const ordered = { count: 1, longest: 30e6, total: 20e6 };
    expect(collectivesAnswer(facts({ ordered }))).toMatch(
      /No rank was late .* 10 ms of a rank’s waiting follow from the order of the work \(1 wait of up to 30 ms after sends and receives\): nobody is called late for that\. The rest is jitter, 20 ms a rank on average\./,
    );
  });
  test('long waits that are jitter are told by rank, and a habit with its median', () => {
    const usuallyLast = [{ rank: 'rank 0', share: 0.83, ops: 1200, lateness: 45_000 }];
    const text = collectivesAnswer(facts({ longJitter: { longest: 6e6, counts: [12, 0] }, usuallyLast }));
    expect(text).toContain('is jitter (12 waits of 1 to 6 ms among it, by who came last: 12 rank 0).');
    expect(text).toContain('Rank 0 came last to 83 % of 1,200 collectives, by 45 µs (median): a constant skew.');
  });
  test('is a rank that was late again and again: the longest stretches are told', () => {
    const spell = (n: number) => ({ rank: 'rank 1', from: 1000e6 * n, to: 1000e6 * n + 240e6, count: 60 + n, late: (100 + n) * 1e6 });
    const text = collectivesAnswer(facts({ spells: [spell(1), spell(2), spell(3), spell(4)] }));
    expect(text).toContain(
      'Short waits came in bursts: at 4,000 ms rank 1 was last 64 times within 240 ms (104 ms together); at 3,000 ms rank 1 was last 63 times',
    );
    expect(text).toContain('; and 1 burst more.');
  });
  test('of sends and receives alone says no word of late ranks', () => {
    const text = collectivesAnswer(facts({ ops: 0, point_to_point: { ops: 300, transfer_ms: 12, wait_ms: 30 } }));
    expect(text).toMatch(
      /^Each rank spent 42 ms on average in 300 sends and receives between two ranks \(no collectives\): 12 ms of transfer and 30 ms until/,
    );
    expect(text).not.toMatch(/late|jitter/);
  });
});

test('the words and the figures make the report’s collectives, and each bad setting is told once', () => {
  const settings = [
    { name: 'NCCL_P2P_DISABLE' as const, value: '1' },
    { name: 'NCCL_P2P_DISABLE' as const, value: '1' },
  ];
  const worded = wordCollectives(facts({ settings }));
  expect(Collectives.parse(worded)).toEqual(worded);
  expect(worded.environment).toEqual([
    'NCCL_P2P_DISABLE=1: GPUs may not write to each other: traffic goes through host memory instead of NVLink.',
  ]);
});

test('collectives are matched by communicator as far as it is known', () => {
  expect(matchedBy(PAYLOADS)).toMatch(/^communicator \(NCCL's NVTX payloads\) and order/);
  expect(matchedBy({ ...PAYLOADS, communicators: 200 })).toMatch(/^communicator for 200 of 240 kernels/);
  expect(matchedBy({ ...PAYLOADS, communicators: 0 })).toContain('the export holds no NCCL payloads');
});

describe('what traces do not show of collectives', () => {
  test('is nothing where all is known', () => expect(collectiveLimits(PAYLOADS, LIMITS)).toEqual([]));
  test.each<[Partial<typeof LIMITS> & { adrift?: string[] }, string]>([
    [{ isAlgorithmHidden: true }, 'Which algorithm and protocol ran'],
    [
      { unmatched: 1 },
      '1 NCCL kernel met no partner in these traces (cut off by the window, lost, or a rank that was not recorded) and is left out.',
    ],
    [{ adrift: ['rank1.sqlite'] as never }, 'Where rank1.sqlite lies in time'],
    [{ residual: 4_200 }, 'Who entered first where entries lie within 4.20 µs'],
    [{ lacksOsCalls: true }, 'record with -t osrt'],
  ])('%j', (over, sentence) => {
    const [found, ...more] = collectiveLimits(PAYLOADS, { ...LIMITS, ...over });
    expect(found).toContain(sentence);
    expect(more).toEqual([]);
  });
  test('bytes are missing of some kernels, or of all', () => {
    expect(collectiveLimits({ ...PAYLOADS, messages: 200 }, LIMITS)).toEqual([
      expect.stringMatching(/^Bytes of 40 NCCL kernels: no payload is joined to them/),
    ]);
    expect(collectiveLimits({ ...PAYLOADS, messages: 0 }, LIMITS)).toEqual([
      expect.stringMatching(/^Bytes of a collective, and so its bandwidth/),
    ]);
  });
});
