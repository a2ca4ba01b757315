import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import physics from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => physics.parse(text, 'physics.json');
const changed = (to: object) => parse(JSON.stringify({ ...JSON.parse(SAMPLE), ...to }));

describe('values', () => {
  test('products, collectives and copies, with what each is of', () => {
    const { rows } = parse(SAMPLE);
    expect(rows.map(r => `${r.what} ${r.test} ${r.from} ${r.to} ${r.value}`)).toEqual([
      'matmul 8192x8192x8192 GPU 0 null 785.4',
      'matmul 8192x8192x8192 GPU 1 null 779.8',
      'collective all_reduce null null 11.65',
      'peer-copy copy GPU 0 GPU 1 372.8',
      'host-copy from host CPU GPU 0 55.2',
      'host-copy to host GPU 0 CPU 54.8',
      'check peer access GPU 0 GPU 1 null',
      'check peer access GPU 1 GPU 0 null',
    ]);
    expect(rows[0]).toMatchObject({ gpu_model: 'NVIDIA H200', precision: 'bfloat16', time_us: 1400, unit: 'TFLOP/s' });
    expect(rows[2]).toMatchObject({ ranks: 2, bytes: 1_048_576, time_us: 90 });
  });

  test('a file of before, of one GPU and one pair, is read: what it does not name is null', () => {
    const old = changed({ gpu_model: undefined, host: undefined, skipped: undefined, p2p_access: false });
    expect(old.rows.at(-1)).toMatchObject({ what: 'check', from: null, passed: false, gpu_model: null });
    expect(old.rows.at(-1)?.detail).toContain('directly');
  });

  test('what was not measured is a warning', () =>
    expect(changed({ skipped: ['float8: no such'] }).warnings).toEqual(['not measured: float8: no such']));
});

test('a rate below zero is refused with its place', () =>
  expect(() => changed({ p2p: [{ src: 0, dst: 1, bytes: 1024, ms: 1, gbps: -3 }] })).toThrow(/physics\.json.*p2p.*gbps/s));
test('a file without any figure is refused', () =>
  expect(() => changed({ gemm: [], nccl: [], p2p: [], host: [], p2p_access: null })).toThrow('no figure'));
