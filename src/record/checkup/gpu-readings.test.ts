import { expect, test } from 'vitest';
import { inRounds, readingsIn } from './gpu-readings.ts';

const CSV = `2026/11/30 10:45:01.123, 0, 89, 43008, 49140, NVIDIA RTX 6000 Ada Generation
2026/11/30 10:45:01.124, 1, [N/A], [N/A], 49140, NVIDIA, of two words
Unable to determine the device handle for GPU 0000:9B:00.0: GPU is lost.
2026/11/30 10:45:02.123, 0, 91, 43008, 49140, NVIDIA RTX 6000 Ada Generation
`;

test('a reading has what the driver tells, null where it tells nothing; what is no reading is left out', () => {
  expect(
    readingsIn(CSV).map(({ time, gpu, name, utilizationPct, memoryUsedMib }) => [time, gpu, name, utilizationPct, memoryUsedMib]),
  ).toEqual([
    ['10:45:01', 0, 'NVIDIA RTX 6000 Ada Generation', 89, 43008],
    ['10:45:01', 1, 'NVIDIA, of two words', null, null],
    ['10:45:02', 0, 'NVIDIA RTX 6000 Ada Generation', 91, 43008],
  ]);
});

test('readings of all GPUs at a time stand together', () =>
  expect(inRounds(readingsIn(CSV)).map(r => r.map(({ gpu }) => gpu))).toEqual([[0, 1], [0]]));
