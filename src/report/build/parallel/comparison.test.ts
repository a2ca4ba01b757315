import { expect, test } from 'vitest';
import type { ComparedSchedules, Difference } from '#multi-gpu/pipeline/compare';
import { wordComparison } from './comparison.ts';

const compared = (differences: readonly Difference[]): ComparedSchedules => ({
  ...{ before: 'before: gpipe', after: 'after: 1f1b', speedup: 1.1, speedup_ci: null, bubble_share: [0.2, 0.1] },
  ...{ exposed_communication_ms: [1, 1], peak_microbatches: [8, 4], differences },
});

test.each<[Difference, string]>([
  [{ what: 'devices', counts: [2, 4] }, '2 devices against 4'],
  [{ what: 'microbatches', counts: [8, 4] }, '8 microbatches against 4: the batch, or how it is cut, is another one'],
  [
    { what: 'compute', compute_ms: [142, 139.04] },
    'the devices compute 142 ms an iteration against 139 ms: other work, or other clocks, beside the schedule',
  ],
  [{ what: 'hand-off size', bytes: [2 ** 26, 2 ** 25] }, 'hand-offs of 64 MiB against 32 MiB'],
  [{ what: 'hand-off rate', gbps: [390.2, 29.97] }, 'hand-offs at 390 GB/s against 30.0 GB/s'],
  [{ what: 'staging', where: 'second' }, 'hand-offs go through the host in the second alone'],
  [
    { what: 'host-bound', shares: [0.25, 0.068] },
    "launches came too late for 25 % and 6.8 % of the devices' time, longer than the two differ by in theory: this compares hosts, not schedules",
  ],
  [{ what: 'single iteration' }, 'a single iteration on one side: no interval can be given'],
])('%j', (difference, text) => expect(wordComparison([compared([difference])])[0]?.differences).toEqual([text]));

test('the figures stay as they are', () => expect(wordComparison([compared([])])).toEqual([compared([])]));
