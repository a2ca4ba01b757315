import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import nvbandwidth from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const parse = (text: string) => nvbandwidth.parse(text, 'nvbandwidth.log');
const told = (text: string) => parse(text).rows.map(r => `${r.what} ${r.from} ${r.both_ways ? '↔' : '→'} ${r.to} ${r.value} ${r.unit}`);
const HEAD = 'nvbandwidth Version: v0.8\n\nDevice 0: NVIDIA H200 (00000000:1b:00)\n\n';
const running = (name: string, description: string, matrix: string) => `${HEAD}Running ${name}.\n${description}\n${matrix}\n`;

describe('text', () => {
  test('each cell is a copy, N/A is none, and the model is that of the devices', () => {
    expect(told(SAMPLE)).toEqual([
      'host-copy CPU 0 → GPU 0 55.25 GB/s',
      'host-copy CPU 0 → GPU 1 55.31 GB/s',
      'peer-copy GPU 0 → GPU 1 390.11 GB/s',
      'peer-copy GPU 1 → GPU 0 391.02 GB/s',
      'latency CPU 0 → GPU 0 812.4 ns',
      'latency CPU 0 → GPU 1 815.9 ns',
    ]);
    expect(parse(SAMPLE).rows.every(r => r.gpu_model === 'NVIDIA H200')).toBe(true);
  });

  test('an arrow to the left is a copy to the host', () =>
    expect(
      told(running('device_to_host_memcpy_ce', 'memcpy CE CPU(row) <- GPU(column) bandwidth (GB/s)', '           0\n 0    54.10')),
    ).toEqual(['host-copy GPU 0 → CPU 0 54.1 GB/s']));

  // nvbandwidth runs a copy against it, and reports the one that the test is named after.
  test('of copies to and from the host at once one direction is measured', () =>
    expect(
      told(
        running(
          'device_to_host_bidirectional_memcpy_ce',
          'memcpy CE CPU(row) <-> GPU(column) bandwidth (GB/s)',
          '           0\n 0    44.10',
        ),
      ),
    ).toEqual(['host-copy GPU 0 → CPU 0 44.1 GB/s']));

  test('of copies between GPUs in both directions the total counts, although their rows are called CPU', () => {
    const matrix = (of: string, value: string) =>
      `memcpy CE CPU(row) <-> GPU(column) ${of} bandwidth (GB/s)\n           0         1\n 0       N/A    ${value}\n\nSUM x 1\n`;
    const text = running(
      'device_to_device_bidirectional_memcpy_read_ce',
      matrix('Read1', '190.00') + matrix('Read2', '191.00'),
      matrix('Total', '381.00'),
    );
    expect(told(text)).toEqual(['peer-copy GPU 0 ↔ GPU 1 381 GB/s']);
  });

  test('a sum over several GPUs is of no pair', () =>
    expect(
      told(
        running(
          'all_to_one_write_ce',
          'memcpy CE GPU(row) <- GPU(column) bandwidth (GB/s)',
          '           0         1\n 0    390.00    391.00',
        ),
      ),
    ).toEqual(['peer-copy null → GPU 0 390 GB/s', 'peer-copy null → GPU 1 391 GB/s']));
});

describe('JSON', () => {
  const document = (testcases: object[]) => JSON.stringify({ nvbandwidth: { GPU: ['0: NVIDIA H200: (00000000:1b:00)'], testcases } });
  const copy = {
    name: 'host_to_device_memcpy_ce',
    status: 'Passed',
    bandwidth_description: 'memcpy CE CPU(row) -> GPU(column) bandwidth (GB/s)',
    bandwidth_matrix: [['55.20', 'N/A']],
  };
  test('says the same', () => expect(told(document([copy]))).toEqual(['host-copy CPU 0 → GPU 0 55.2 GB/s']));
  test('a test that failed is a failed check', () =>
    expect(parse(document([copy, { name: 'x', status: 'Error', error: 'out of memory' }])).rows.at(-1)).toMatchObject({
      ...{ what: 'check', test: 'x', passed: false, detail: 'out of memory' },
    }));
});

test('a file without any matrix is refused', () => expect(() => parse(HEAD)).toThrow('no figure'));
