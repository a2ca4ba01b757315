import { describe, expect, test } from 'vitest';
import { cardOf, type GpuCard } from '#schema/gpu-card';
import { matchedCards, matchGpus } from './match-gpus.ts';

const cards = (...told: (readonly [number, Partial<GpuCard>])[]) => new Map(told.map(([number, card]) => [number, cardOf(card)]));
/** CUDA put the GPU of the higher address first. */
const TURNED = cards([0, { bus: '0000:3b:00.0', uuid: 'aaaa-1' }], [1, { bus: '0000:18:00.0', uuid: 'bbbb-2' }]);
const match = (file: ReadonlyMap<number, GpuCard>, trace = TURNED, used: readonly number[] = [0, 1]) =>
  Object.fromEntries(matchGpus(file, { cards: trace, used }));

describe('GPUs of a file are found among those of a trace', () => {
  test('by UUID, however it is written', () =>
    expect(match(cards([0, { uuid: 'GPU-BBBB-2' }], [1, { uuid: 'GPU-AAAA-1' }]))).toEqual({ 0: 1, 1: 0 }));
  test('by PCI address, however long its domain is written', () =>
    expect(match(cards([0, { bus: '00000000:18:00.0' }], [1, { bus: '00000000:3B:00.0' }]))).toEqual({ 0: 1, 1: 0 }));
  test('by the order of addresses, which is that of nvidia-smi’s numbers', () =>
    expect(match(cards([0, {}], [1, {}]))).toEqual({ 0: 1, 1: 0 }));
  test('not by number where the trace tells no addresses', () =>
    expect(match(cards([0, {}], [1, {}]), cards([0, {}], [1, {}]))).toEqual({}));
  test('not by number where the file has more GPUs than the trace', () => expect(match(cards([0, {}], [1, {}], [2, {}]))).toEqual({}));
  test('an address with another UUID is in another machine', () =>
    expect(match(cards([0, { bus: '0000:18:00.0', uuid: 'cccc-3' }]))).toEqual({}));
  test('a redacted UUID is none', () =>
    expect(
      match(cards([1, { bus: '0000:18:00.0' }]), cards([0, { bus: '0000:18:00.0', uuid: '00000000-0000-0000-0000-000000000000' }])),
    ).toEqual({
      1: 0,
    }));
});

describe('a GPU that is alone on both sides needs no name', () => {
  test('where the trace describes one', () => expect(match(cards([3, {}]), cards([0, {}]), [0])).toEqual({ 3: 0 }));
  test('where it describes none and shows work on one', () => expect(match(cards([0, {}]), new Map(), [2])).toEqual({ 0: 2 }));
  test('but not where it shows work on two', () => expect(match(cards([0, {}]), new Map(), [0, 1])).toEqual({}));
  test('nor where both are named and differ', () =>
    expect(match(cards([0, { uuid: 'dddd-4' }]), cards([0, { uuid: 'aaaa-1' }]), [0])).toEqual({}));
});

test('of a GPU that two files sampled the widest window of power counts', () => {
  const of = (power_window_s: number) => ({ cards: cards([0, { power_window_s }]), numbers: new Map([[0, 1]]) });
  expect(matchedCards([of(0), of(1)], { cards: TURNED, used: [] }).get(1)).toMatchObject({ uuid: 'bbbb-2', power_window_s: 1 });
});
