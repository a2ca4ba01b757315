import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import ncclTests from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const parse = (text: string) => ncclTests.parse(text, 'nccl.log');

test('each size is a collective of so many ranks, by its bus bandwidth out of place', () => {
  const { rows } = parse(SAMPLE);
  expect(rows.filter(r => r.what === 'collective').map(r => [r.bytes, r.time_us, r.value])).toEqual([
    [1_048_576, 28.11, 55.95],
    [2_097_152, 34.02, 92.47],
    [4_194_304, 48.9, 128.66],
  ]);
  // 2(n − 1)/n of the algorithm's: no other collective of four ranks is that busy.
  expect(rows[0]).toMatchObject({ test: 'all_reduce', ranks: 4, gpu_model: 'NVIDIA H100 80GB HBM3', precision: 'float32' });
});

test('values that came out wrong are a failed check', () => {
  expect(parse(SAMPLE).rows.at(-1)).toMatchObject({ what: 'check', passed: true, detail: null });
  const wrong = parse(SAMPLE.replace('values : 0 OK', 'values : 17 FAILED'));
  expect(wrong.rows.at(-1)).toMatchObject({ what: 'check', passed: false, detail: '17 values were wrong' });
});

test('the columns of before 2.13, without root and with "error", are read', () => {
  const old = SAMPLE.replaceAll('     sum      -1 ', '     sum    ').replaceAll(/ {6}0(?= {4}| *$)/gm, '    N/A');
  expect(parse(old).rows.map(r => r.value)).toEqual(parse(SAMPLE).rows.map(r => r.value));
});

test('two ranks are as busy in any collective, and a program that names itself is believed', () => {
  const two = SAMPLE.replace(/^# {2}Rank {2}[23].*\n/gm, '');
  expect(parse(two).rows[0]).toMatchObject({ test: 'collective', ranks: 2 });
  expect(parse(`# Collective test starting: alltoall_perf\n${two}`).rows[0]).toMatchObject({ test: 'alltoall' });
});

test('a file that ends before its first size is refused', () =>
  expect(() => parse(SAMPLE.split('\n').slice(0, 10).join('\n'))).toThrow('no figure'));
