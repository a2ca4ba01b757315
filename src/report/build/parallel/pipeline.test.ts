import { describe, expect, test } from 'vitest';
import type { Assumption, FoundBy } from '#multi-gpu/pipeline/assumptions';
import type { Basis } from '#multi-gpu/pipeline/recognised';
import { assumptionSentence } from './assumptions.ts';
import { foundBySentence } from './found-by.ts';
import { againstText, wordCopies } from './peer-copies.ts';
import { departureTexts, detectedText } from './recognition.ts';

describe('how operations were found is said with how sure that is', () => {
  test.each<[FoundBy, RegExp]>([
    [{ by: 'names', program: 'Megatron-LM', example: 'forward_step' }, /^NVTX names of Megatron-LM, such as forward_step, .*: sure\.$/],
    [
      { by: 'hand-offs', carriers: 'copies', devices: 3, isFitting: true },
      /between copies, .* likely, not sure: .* pass from 3 devices to/,
    ],
    [{ by: 'hand-offs', carriers: 'nccl-sends', devices: 2, isFitting: false }, /sends of NCCL between GPUs .* is not known\.$/],
    [
      { by: 'kernels', iterations: 'ranges', labels: ['step', 'train'] },
      /Iterations are the ranges that the program calls step, train: sure\.$/,
    ],
    [{ by: 'kernels', iterations: 'barriers', labels: [] }, /between collectives that all ranks take part in: likely\.$/],
    [{ by: 'kernels', iterations: 'whole', labels: [] }, /every forward that was begun has its backward: likely\.$/],
  ])('%o', (found, sentence) => expect(foundBySentence(found)).toMatch(sentence));
});

describe('what was assumed is one sentence, for one as for many', () => {
  test.each<[Assumption, string]>([
    [{ what: 'incomplete-iterations', count: 1 }, '1 incomplete iteration was left out.'],
    [{ what: 'incomplete-iterations', count: 3 }, '3 incomplete iterations were left out.'],
    [{ what: 'partial-iterations', count: 1 }, '1 iteration of which a device shows nothing, or not all, was left out.'],
    [
      { what: 'warm-up', iterations: 2 },
      '2 iterations that followed another one without the collective that parts the rest were left out, as warm-up.',
    ],
    [{ what: 'empty-ranges', count: 1 }, '1 named operation launched nothing on a GPU that was recorded.'],
  ])('%o', (assumption, sentence) => expect(assumptionSentence(assumption)).toBe(sentence));
  test('that nothing fits is said as what was looked for', () => {
    const found: FoundBy = { by: 'hand-offs', carriers: 'copies', devices: 2, isFitting: false };
    expect(assumptionSentence({ what: 'nothing-fits', found })).toBe(foundBySentence(found));
  });
});

describe('what a name rests on', () => {
  const places = { by: 'places', operations: 16, devices: 2, moved: 0, missing: 0, alike: [] } as const;
  test.each<[Basis, string]>([
    [places, 'From the order of 16 operations on 2 devices: all of them ran in its order.'],
    [
      { ...places, moved: 1, missing: 2 },
      'From the order of 16 operations on 2 devices: all but 1 ran in its order, and 2 of it were not seen.',
    ],
    [
      { ...places, alike: ['gpipe'] },
      'From the order of 16 operations on 2 devices: all of them ran in its order, which is also that of gpipe with so few microbatches.',
    ],
    [
      { by: 'order', operations: 32, devices: 2, moved: 3, next: { name: 'gpipe', moved: 9 } },
      'From the order of 32 operations without names on 2 devices: all but 3 ran in its order; against gpipe, the next best, 9 did not.',
    ],
    [
      { by: 'other-places', nearest: '1f1b', moved: 5, operations: 16 },
      "The order is nobody's: even against 1f1b, the nearest, 5 of 16 operations ran elsewhere.",
    ],
  ])('%o', (basis, text) => expect(detectedText({ basis })).toBe(text));
  test('names the candidates where several explain the order alike', () => {
    const basis: Basis = { by: 'order', operations: 32, devices: 2, moved: 0, next: { name: 'looped-bfs', moved: 0 } };
    const candidates = (['gpipe', 'looped-bfs'] as const).map(name => ({ name, theory_share: null }));
    expect(detectedText({ basis, candidates })).toMatch(/all of them ran in its order; gpipe and looped-bfs explain it alike\.$/);
  });
});

test('departures are told with what they ran after, twenty of them one by one', () => {
  const moved = (microbatch: number) => ({
    iteration: 0,
    departure: {
      what: 'moved' as const,
      rank: 0,
      operation: { kind: 'F' as const, microbatch, stage: 0 },
      after: microbatch === 0 ? undefined : { kind: 'B' as const, microbatch: 0, stage: 1 },
    },
  });
  expect(departureTexts({ departures: [moved(0), moved(3)] })).toEqual([
    'iteration 0: rank 0 ran F of microbatch 0 on stage 0 first, out of order',
    'iteration 0: rank 0 ran F of microbatch 3 on stage 0 after B of microbatch 0 on stage 1, out of order',
  ]);
  const many = departureTexts({ departures: Array.from({ length: 23 }, (_, i) => moved(i)) });
  expect(many).toHaveLength(21);
  expect(many.at(-1)).toBe('and 3 more');
});

test('copies say how their path was judged, and what staged ones were compared with', () => {
  const pair = {
    ...{ source: 'GPU 0', destination: 'GPU 1', count: 1, bytes: 1, gbps: 40, median_us: 1, hidden_share: null, staged_lost_ms: null },
    stagedAgainst: [],
  };
  const whyOf = (path: 'nvlink' | 'unknown', basis: Parameters<typeof wordCopies>[0][number]['basis']) =>
    wordCopies([{ ...pair, path, basis }])[0]?.why;
  const rate = { by: 'rate', gbps: 130, pcieGbps: 64 } as const;
  expect(whyOf('nvlink', rate)).toBe('up to 130 GB/s, more than PCIe carries (64 GB/s raw, one way)');
  expect(whyOf('unknown', { ...rate, gbps: 40 })).toMatch(/^up to 40 GB\/s, which PCIe can carry \(64 GB\/s raw\)/);
  expect(whyOf('nvlink', { by: 'topology', link: 'NV18', gbps: 386 })).toBe('the topology says NV18; up to 386 GB/s');
  expect(againstText([])).toBeNull();
  expect(againstText([{ by: 'same-size' }, { by: 'link', link: 'NV18', gbps: 382.5 }])).toBe(
    'direct copies of the same size; NV18 at 383 GB/s',
  );
});
