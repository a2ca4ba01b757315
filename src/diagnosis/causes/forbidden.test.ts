import { describe, expect, test } from 'vitest';
import { complete } from '#test/completeness-sample';
import type { Completeness } from '#trace/completeness/completeness';
import { askable, forbids, type Known } from './forbidden.ts';
import { detectors } from './index.gen.ts';

const known = (facts: Partial<Completeness> = {}, hasRequests = false): Known => ({ completeness: complete(facts), hasRequests });
const noGraphs = known({ launches: [{ kind: 'graph', n: 100, unrecorded: 100 }] });
const merged = known({ devices: [{ why: 'unmapped', devices: ['GPU 0'], processes: [1, 2] }] });
const asked = (c: Parameters<typeof askable>[1]) => askable(detectors, c).map(d => d.cause);

test('a whole trace forbids nothing', () => {
  expect(forbids(known(), 'kernel')).toBeUndefined();
  expect(askable(detectors, known())).toEqual(detectors);
});

describe('where graphs or kernels are missing', () => {
  test('nothing may rest on kernels, and what does not is asked', () => {
    expect(forbids(noGraphs, 'kernel')).toBe('compute');
    expect(asked(noGraphs)).not.toContain('host-compute');
    expect(asked(noGraphs)).toContain('queueing');
  });
  test('copies alone leave the GPU’s work as it was', () =>
    expect(forbids(known({ launches: [{ kind: 'copy', n: 100, unrecorded: 100 }] }), 'kernel')).toBeUndefined());
});

test('where two GPUs may be one nobody is called a neighbour, and the rest is asked', () => {
  expect(forbids(merged, 'device numbers')).toBe('devices');
  expect(asked(merged)).toEqual(detectors.map(d => d.cause).filter(c => c !== 'gpu-contention'));
});

test('where a load test came along, no step waits for a data loader, and the rest is asked', () => {
  expect(forbids(known({}, true), 'training')).toBe('serving');
  expect(forbids(known({}, false), 'training')).toBeUndefined();
  expect(asked(known({}, true))).toEqual(detectors.map(d => d.cause).filter(c => c !== 'input-wait'));
});
