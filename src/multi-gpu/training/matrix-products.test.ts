import { expect, test } from 'vitest';
import { productFlops } from './matrix-products.ts';

test.each([
  ['aten::mm, seq = 3, op_id = 12, sizes = [[4096, 64], [64, 128]]', 2 * 4096 * 64 * 128],
  ['aten::addmm, op_id = 12, sizes = [[128], [4096, 64], [64, 128]]', 2 * 4096 * 64 * 128],
  ['aten::bmm, sizes = [[8, 128, 64], [8, 64, 256]]', 2 * 8 * 128 * 64 * 256],
  ['aten::baddbmm, sizes = [[8, 128, 256], [8, 128, 64], [8, 64, 256]]', 2 * 8 * 128 * 64 * 256],
])('%s', (name, flops) => expect(productFlops(name)).toBe(flops));

test.each([
  'aten::mm, seq = 3',
  'aten::add, sizes = [[4096, 64], [4096, 64]]',
  'aten::mm, sizes = [[], []]',
  'step 3',
  'aten::linear, sizes = [[4, 4], [4, 4]]',
])('%s says nothing of a product', name => expect(productFlops(name)).toBeUndefined());
