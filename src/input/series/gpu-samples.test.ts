import { describe, expect, test } from 'vitest';
import type { GpuSampleRow } from '#schema/relation';
import { EMPTY_GPU } from './empty-rows.ts';
import { GpuSamples } from './gpu-samples.ts';

const sample = (i: number): GpuSampleRow => ({
  ...EMPTY_GPU,
  t_ms: i * 20.1,
  gpu: i % 8,
  name: i % 3 === 0 ? null : `GPU ${i % 2}`,
  power_w: i % 7 === 0 ? null : 300 + i / 10,
  // Far into the file, where whole blocks of the column are not there.
  memory_used_mib: i < 135_000 ? null : i,
  event_reasons: 2 ** 40 + i,
});
const samples = (count: number) => {
  const made = new GpuSamples();
  for (let i = 0; i < count; i++) made.add(sample(i));
  return made;
};

describe('samples in columns', () => {
  test('are the rows that were added, exactly', () => {
    const many = samples(140_000);
    expect(many).toHaveLength(140_000);
    for (const i of [0, 1, 6, 7, 131_071, 131_072, 134_999, 135_000, 139_999]) expect(many.at(i)).toEqual(sample(i));
    let i = 0;
    for (const row of many) if (row.t_ms !== sample(i++).t_ms) throw new Error(`row ${i - 1} is ${JSON.stringify(row)}`);
    expect(i).toBe(140_000);
  });
  test('are counted from the end as in an array', () => {
    const few = samples(3);
    expect([few.at(-1), few.at(-3), few.at(-4), few.at(3)]).toEqual([sample(2), sample(0), undefined, undefined]);
  });
  test('can be placed and put in order once all are there', () => {
    const few = samples(4);
    few.place(3, 0.5, 7);
    few.arrange(Uint32Array.of(3, 1));
    expect([...few]).toEqual([{ ...sample(3), t_ms: 0.5, gpu: 7 }, sample(1)]);
    expect([few.length, few.at(-1), few.at(2)]).toEqual([2, sample(1), undefined]);
  });
  test('share a fingerprint when all their values are equal', () => {
    const made = samples(2);
    made.add(sample(1));
    expect(made.fingerprint(2)).toBe(made.fingerprint(1));
    expect(made.fingerprint(2)).not.toBe(made.fingerprint(0));
  });
});
