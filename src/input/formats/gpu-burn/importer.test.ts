import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import gpuBurn from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const parse = (text: string) => gpuBurn.parse(text, 'burn.log');

test('each GPU has its last rate and its verdict', () => {
  const { rows } = parse(SAMPLE);
  expect(rows.map(r => [r.what, r.from, r.value, r.passed])).toEqual([
    ['burn', 'GPU 0', 118.012, null],
    ['burn', 'GPU 1', 117.433, null],
    ['check', 'GPU 0', null, true],
    ['check', 'GPU 1', null, false],
  ]);
  expect(rows[0]).toMatchObject({ precision: 'tf32', unit: 'TFLOP/s', gpu_model: 'NVIDIA A100-SXM4-80GB' });
  expect(rows.at(-1)?.detail).toContain('FAULTY');
});

test('of a line that was overwritten again and again the last reading counts, and 0 is none yet', () => {
  const again = SAMPLE.replace('100.0%  proc', "50.0%  proc'd: 1 (7 Gflop/s) - 0 (0 Gflop/s)   errors: 0 - 0 \r100.0%  proc");
  expect(parse(again).rows).toEqual(parse(SAMPLE).rows);
});

test.each([
  ['using DOUBLES', 'float64'],
  ['using FLOATS', 'float32'],
])('%s is %s', (words, precision) =>
  expect(parse(SAMPLE.replaceAll('using FLOATS, using Tensor Cores', words)).rows[0]).toMatchObject({ precision }),
);

test('a log that ends before the first reading is refused', () =>
  expect(() => parse(SAMPLE.split('\n').slice(0, 4).join('\n'))).toThrow('no figure'));
