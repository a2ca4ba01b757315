import { expect, test } from 'vitest';
import { captureExitCode } from './exit-code.ts';

test.each([
  ['complete', undefined, 0, 0],
  ['complete', undefined, 1, 1],
  ['incomplete', undefined, 0, 3],
  ['incomplete', undefined, 1, 3],
  ['interrupted', undefined, 0, 3],
  ['workload-failed', undefined, 0, 4],
  ['workload-failed', undefined, 1, 4],
  ['interrupted', 'SIGINT', 0, 130],
  ['interrupted', 'SIGTERM', 1, 143],
  ['interrupted', 'SIGHUP', 0, 129],
  ['workload-failed', 'SIGINT', 0, 130],
] as const)('%s, signal %s, analysis %d: %d', (status, signal, analysis, code) => {
  expect(captureExitCode(status, signal, analysis)).toBe(code);
});
