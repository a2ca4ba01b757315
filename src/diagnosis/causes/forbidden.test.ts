import { describe, expect, test } from 'vitest';
import { complete } from '#test/completeness-sample';
import type { Completeness } from '#trace/completeness/completeness';
import { askable, concerning, forbids } from './forbidden.ts';
import { detectors } from './index.gen.ts';

const noGraphs = complete({ launches: [{ kind: 'graph', n: 100, unrecorded: 100 }] });
const merged = complete({ devices: [{ why: 'unmapped', devices: ['GPU 0'], processes: [1, 2] }] });
const asked = (c: Completeness, hasRequests = false) => askable(detectors, c, hasRequests).map(d => d.cause);

test('a whole trace forbids nothing', () => {
  expect(forbids(complete(), 'kernel')).toBeUndefined();
  expect(askable(detectors, complete(), false)).toEqual(detectors);
});

describe('where graphs or kernels are missing', () => {
  test('nothing may rest on kernels, and what does not is asked', () => {
    expect(forbids(noGraphs, 'kernel')).toBe('compute');
    expect(asked(noGraphs)).not.toContain('host-compute');
    // An engine's own count of preempted requests needs no kernel.
    expect(asked(noGraphs)).toContain('kv-preemption');
  });
  test('copies alone leave the GPU’s work as it was', () =>
    expect(forbids(complete({ launches: [{ kind: 'copy', n: 100, unrecorded: 100 }] }), 'kernel')).toBeUndefined());
});

test('where copies are missing no step is called long, and the rest is asked', () => {
  const noCopies = complete({ launches: [{ kind: 'copy', n: 100, unrecorded: 50 }] });
  expect(forbids(noCopies, 'memcpy')).toBe('copies');
  expect(asked(noCopies)).not.toContain('head-of-line');
  expect(asked(noCopies)).toContain('code-load');
});

test('where work and calls are not on one clock nothing may rest on kernels', () =>
  expect(forbids(complete({ disorders: [{ order: 'launch', n: 100, broken: 50 }] }), 'kernel')).toBe('compute'));

test('where calls into the operating system cannot be believed no wait in one is anybody’s', () => {
  const doubtful = complete({ osCalls: { why: 'order', n: 100, broken: 50 } });
  expect(forbids(doubtful, 'os_call')).toBe('os-calls');
  expect(asked(doubtful)).not.toContain('host-blocked');
  expect(asked(doubtful)).toContain('host-compute');
});

test('where two GPUs may be one nobody is called a neighbour, and the rest is asked', () => {
  expect(forbids(merged, 'device numbers')).toBe('devices');
  expect(asked(merged)).toEqual(detectors.map(d => d.cause).filter(c => c !== 'gpu-contention'));
});

test('where a load test came along no step waits for a data loader, and the rest concerns it', () => {
  const rest = detectors.map(d => d.cause).filter(c => c !== 'input-wait');
  expect(concerning(detectors, true).map(d => d.cause)).toEqual(rest);
  expect(asked(complete(), true)).toEqual(rest);
  expect(concerning(detectors, false)).toEqual(detectors);
});
