import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import copyBw from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const parse = (text: string) => copyBw.parse(text, 'gpu_copy.log');
const told = (text: string) => parse(text).rows.map(r => `${r.what} ${r.from} ${r.both_ways ? '↔' : '→'} ${r.to} ${r.test} ${r.value}`);

test('each line is a copy: of what, between what, by what', () => {
  expect(
    told(
      'cpu_to_gpu0_by_dma_under_numa1 26.24\ngpu0_to_cpu_by_sm_under_numa0 5.67\ngpu0_to_gpu0_by_sm 682.6\ngpu0_to_gpu1_write_by_dma 279.28\ngpu0_and_gpu1_read_by_dma 526.2\n',
    ),
  ).toEqual([
    'host-copy CPU → GPU 0 by_dma_under_numa1 26.24',
    'host-copy GPU 0 → CPU by_sm_under_numa0 5.67',
    'device-copy GPU 0 → GPU 0 by_sm 682.6',
    'peer-copy GPU 0 → GPU 1 write_by_dma 279.28',
    'peer-copy GPU 0 ↔ GPU 1 read_by_dma 526.2',
  ]);
  expect(parse(SAMPLE).rows.every(r => r.unit === 'GB/s' && r.bytes === null)).toBe(true);
});

test('a sum over all GPUs is of no pair, and left out', () =>
  expect(told('gpu0_to_gpu1_write_by_sm 1\ngpu0_to_gpu_all_write_by_sm 55.6\n')).toEqual(['peer-copy GPU 0 → GPU 1 write_by_sm 1']));

test('a file without any figure is refused', () => expect(() => parse('gpu0_to_gpu1_write_by_sm failed\n')).toThrow('no figure'));
