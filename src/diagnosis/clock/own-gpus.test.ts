import { expect, test } from 'vitest';
import { cardOf, UNKNOWN_CARD } from '#schema/gpu-card';
import { ownGpus } from './own-gpus.ts';

const card = (uuid: string) => cardOf({ uuid });
const numbersOf = (...files: readonly (readonly (readonly [number, ReturnType<typeof card>])[])[]) =>
  ownGpus(files.map(f => new Map(f))).numbers.map(n => [...n]);

test('GPUs keep the numbers of their file', () => {
  const unnamed = [0, 1, 7].map(n => [n, UNKNOWN_CARD] as const);
  expect(numbersOf(unnamed)).toEqual([
    [
      [0, 0],
      [1, 1],
      [7, 7],
    ],
  ]);
});
test('cards of two machines by one number are two GPUs', () =>
  expect(numbersOf([[0, card('GPU-aaaa')]], [[0, card('GPU-bbbb')]])).toEqual([[[0, 0]], [[0, 1]]]));
test('one card that two tools sampled is one GPU, whatever each calls it', () =>
  expect(numbersOf([[0, card('GPU-aaaa')]], [[3, card('GPU-aaaa')]])).toEqual([[[0, 0]], [[3, 0]]]));
test('the widest window of power counts', () => {
  const averaged = { ...card('GPU-aaaa'), power_window_s: 1 };
  expect(ownGpus([new Map([[0, card('GPU-aaaa')]]), new Map([[0, averaged]])]).cards.get(0)?.power_window_s).toBe(1);
});
