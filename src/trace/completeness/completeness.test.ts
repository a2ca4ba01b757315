import { describe, expect, test } from 'vitest';
import { complete } from '#test/completeness-sample';
import { hostCalls, laneOps } from '#test/lane-sample';
import { traceOf } from '#test/trace-sample';
import { completenessOf, isComputeMissing } from './completeness.ts';

const of = (held: Parameters<typeof traceOf>[0]) => completenessOf(traceOf(held), laneOps([{ start: 0, end: 10 }]), hostCalls([]), [0, 10]);

test('a whole trace lacks nothing', () => expect(of({})).toEqual(complete()));
test('operations without times are counted', () =>
  expect(of({ relations: { untimed_op: [{ correlation_id: 1 }, { correlation_id: 2 }] } }).untimed).toBe(2));

describe('a shift of the export', () => {
  const shift = (...rows: readonly (readonly [string, string | null])[]) =>
    of({ relations: { export_info: [] }, answers: { export_time_option: rows.map(([name, value]) => ({ name, value })) } }).shift;
  test('is read from its options', () => expect(shift(['TIME_NORMALIZE', 'true'], ['TIME_SHIFT', '-5000'])).toBe(-5000));
  test('is none where the options say 0, nothing or no number', () =>
    expect([shift(), shift(['TIME_SHIFT', '0']), shift(['TIME_SHIFT', null]), shift(['TIME_SHIFT', 'none'])]).toEqual([0, 0, 0, 0]));
});

test('where copies or fills alone are missing the GPU’s work is whole; where kernels or graphs are, it is not', () => {
  const lost = (kind: 'kernel' | 'graph' | 'copy' | 'fill') => complete({ launches: [{ kind, n: 10, unrecorded: 10 }] });
  expect((['kernel', 'graph', 'copy', 'fill'] as const).map(kind => isComputeMissing(lost(kind)))).toEqual([true, true, false, false]);
});
