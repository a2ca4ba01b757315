import { describe, expect, test } from 'vitest';
import { audit } from '#audit/audit';
import { statementsOfFacts } from '#audit/series/facts';
import { statementsOfGpus } from '#audit/series/gpu';
import { EMPTY_GPU } from '#input/series/empty-rows';
import type { FactRow, GpuSampleRow } from '#schema/relation';

const NAME = 'NVIDIA L40S';
const machine = (limit: number, total: number, name = NAME): FactRow[] =>
  [
    ['product_name', name, ''],
    ['gpu_power_readings.max_power_limit', limit, 'W'],
    ['fb_memory_usage.total', total, 'MiB'],
  ].map(([fact, value, unit]) => ({ entity: 'GPU 0', name: String(fact), value: value ?? '', unit: String(unit) }));
const samples = (power_w: number, memory_used_mib: number): GpuSampleRow[] => [{ ...EMPTY_GPU, name: NAME, power_w, memory_used_mib }];
const said = (rows: GpuSampleRow[], ...machines: FactRow[][]) =>
  audit([...statementsOfGpus(rows, 'gpu.csv'), ...machines.flatMap((m, i) => statementsOfFacts(m, `q${i}.xml`))])
    .filter(c => c.check === 'machine-capacity')
    .map(c => c.sentence);

describe('samples beside the state of the machine', () => {
  test('fit it', () => expect(said(samples(352, 46068), machine(350, 46068))).toEqual([]));
  test('cannot draw more than it can be limited to', () =>
    expect(said(samples(401.5, 1000), machine(350, 46068))).toEqual([
      'GPU 0 drew a mean of 401.5 W in gpu.csv, more than the 350 W that NVIDIA L40S can be limited to, at most (q0.xml).',
    ]));
  test('cannot use more memory than it has', () =>
    expect(said(samples(100, 46069), machine(350, 46068))).toEqual([
      'GPU 0 used 46,069 MiB in gpu.csv, more than the 46,068 MiB that NVIDIA L40S has (q0.xml).',
    ]));
  test('of another product are held against nothing', () =>
    expect(said(samples(401.5, 99_999), machine(350, 46068, 'NVIDIA L40'))).toEqual([]));
  test('are held against nothing where two machines differ', () =>
    expect(said(samples(401.5, 1000), machine(350, 46068), machine(450, 46068))).toEqual([]));
});
