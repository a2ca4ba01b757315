import { expect, test } from 'vitest';
import { peakOf } from './training-peak.ts';

test('of a GPU whose tensor cores know no BF16 it is FP16', () =>
  expect(peakOf('Tesla V100-SXM2-16GB')).toMatchObject({ flops: 125e12, precision: 'FP16' }));

test('a peak is of one board, in one precision, by a source', () => {
  expect(peakOf('NVIDIA H200')).toMatchObject({ flops: 989.4e12, precision: 'dense BF16' });
  expect(peakOf('NVIDIA H100 PCIe')?.flops).toBeLessThan(peakOf('NVIDIA H100 80GB HBM3')?.flops ?? 0);
});

test.each(['', 'H200 SXM', 'NVIDIA H200 ', 'NVIDIA H100', 'NVIDIA H200 MIG 1g.18gb', 'NVIDIA GB10', 'NVIDIA GeForce RTX 5090'])(
  'of “%s” none is guessed',
  name => expect(peakOf(name)).toBeUndefined(),
);
