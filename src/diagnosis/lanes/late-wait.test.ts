import { expect, test } from 'vitest';
import { keptWaiting, type Lateness } from './late-wait.ts';
import type { Loss } from './loss.ts';

const late: Lateness = { rank: 'rank 1', cause: 'host-compute', why: 'its own code', device: 0, process: 0, from: 100, to: 200 };
const copy = (start: number, end: number): Loss => ({ kind: 'copy', start, end, bytes: 1, copyKind: 2, pageable: false });

test('what the late rank lost while the others waited is the wait for it; what it lost before and after stays', () => {
  expect(keptWaiting([copy(0, 50), copy(80, 120), copy(130, 140), copy(180, 300)], [late])).toEqual([
    copy(0, 50),
    copy(80, 100),
    { kind: 'spin', start: 100, end: 120, wait: late },
    { kind: 'spin', start: 130, end: 140, wait: late },
    { kind: 'spin', start: 180, end: 200, wait: late },
    copy(200, 300),
  ]);
});

test('without lateness nothing changes', () => {
  const losses = [copy(0, 50)];
  expect(keptWaiting(losses, [])).toEqual(losses);
});
