import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hasSample, recordedIn } from './recorded.ts';

const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const line = (ms: number, gpu: number) => `2026/11/22 01:42:56.${String(ms).padStart(3, '0')}, ${gpu}, NVIDIA H200, 412.34 W\n`;
const HEADER = 'timestamp, index, name, power.draw.instant [W]\n';

test('samples are counted over all GPUs, their cadence is that of one', () => {
  const path = join(folder, 'gpu.csv');
  writeFileSync(path, `${HEADER}${line(0, 0)}${line(3, 1)}${line(100, 0)}${line(103, 1)}a message\n${line(210, 0)}2026/11/22 01:4`);
  const { samples, cadence, lastMs } = recordedIn(path);
  expect(samples).toBe(5);
  expect(cadence.medianMs()).toBe(110);
  expect(lastMs).toBe(Date.UTC(2026, 10, 22, 1, 42, 56, 210));
});

test('a file larger than what is read at a time loses no line', () => {
  const path = join(folder, 'large.csv');
  writeFileSync(path, HEADER + line(5, 0).repeat(40_000));
  expect(recordedIn(path).samples).toBe(40_000);
});

test('a header alone, or half a line, is no sample yet', () => {
  expect(hasSample(HEADER)).toBe(false);
  expect(hasSample(HEADER + line(0, 0).slice(0, -1))).toBe(false);
  expect(hasSample(HEADER + line(0, 0))).toBe(true);
});
