import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import dcgmiDiag from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => dcgmiDiag.parse(text, 'diag.json');

test('each result is a check of a GPU: passed, failed with why, or skipped', () => {
  const { rows } = parse(SAMPLE);
  expect(rows.map(r => [r.test, r.from, r.passed])).toEqual([
    ['software', 'GPU 0', true],
    ['software', 'GPU 1', true],
    ['pcie', 'GPU 0', true],
    ['pcie', 'GPU 1', false],
    ['targeted_power', 'GPU 0', null],
  ]);
  expect(rows[3]?.detail).toContain('PCIe width');
  expect(rows[4]?.detail).toBe('Skip');
});

test('the layout of DCGM 3, with GPUs in one text and warnings as texts, is read', () => {
  const old = {
    'DCGM GPU Diagnostic': {
      test_categories: [
        { category: 'Deployment', tests: [{ name: 'Blacklist', results: [{ gpu_ids: '0,1', status: 'PASS' }] }] },
        { category: 'Hardware', tests: [{ name: 'GPU Memory', results: [{ gpu_id: '1', status: 'Fail', warnings: 'ECC error' }] }] },
      ],
    },
  };
  expect(parse(JSON.stringify(old)).rows.map(r => [r.from, r.passed, r.detail])).toEqual([
    ['GPU 0,1', true, null],
    ['GPU 1', false, 'ECC error'],
  ]);
});

test('JSON without a diagnostic is refused', () => expect(() => parse('{"DCGM Version": "4.1"}')).toThrow('no diagnostic'));
