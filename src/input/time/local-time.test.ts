import { expect, test } from 'vitest';
import { localTime } from './local-time.ts';

test.each([
  ['20260213-120009', 1770984009_000000000n, 1000],
  ['2026-02-13T12:00:09.250000', 1770984009_250000000n, 0.001],
  ['02-13-2026 12:00:09.250', 1770984009_250000000n, 1],
])('%s is read as if it were UTC, to the step in which it is written', (text, ns, uncertainty_ms) =>
  expect(localTime(text)).toEqual({ ns, clock: { kind: 'zoneless', uncertainty_ms } }),
);

test.each(['', 'noon', '20260230-120009', '2026-02-13T24:00:00', '13-02-2026 12:00:09', '2026-02-13T12:00:09Z'])(
  '%j is no such time',
  text => expect(localTime(text)).toBeUndefined(),
);
