import { describe, expect, test } from 'vitest';
import { latencyOf } from './latency-of.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('a latency row', () => {
  test('takes values in any order', () => {
    expect(latencyOf('e2e', upTo(1000).toReversed())).toEqual({
      metric: 'e2e',
      n: 1000,
      p50_ms: 500,
      p95_ms: 950,
      p99_ms: 990,
      p99_ci_ms: [983, 997],
      p99_bootstrap_ci_ms: null,
      max_ms: 1000,
    });
  });
  test('is missing, not zero, where there are no values', () => expect(latencyOf('ttft', [])).toBeUndefined());
  test('says that few values bound p99 from below only', () => expect(latencyOf('e2e', [7])?.p99_ci_ms).toEqual([7, null]));
});
