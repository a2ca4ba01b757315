import { describe, expect, test } from 'vitest';
import { complete } from '#test/completeness-sample';
import { hostCalls, laneOps } from '#test/lane-sample';
import { traceOf } from '#test/trace-sample';
import { completenessOf, isComputeMissing, type RecordedTrace } from './completeness.ts';

const traced = (held: Parameters<typeof traceOf>[0], n = 1, session: bigint | undefined = 0n): RecordedTrace => {
  const ops = laneOps(Array.from({ length: n }, (_, i) => ({ start: i * 1e7, end: i * 1e7 + 10 })));
  return { source: traceOf(held), ops, host: hostCalls([]), window: [0, 10], session };
};
const of = (held: Parameters<typeof traceOf>[0]) => completenessOf([traced(held)])[0];

test('a whole trace lacks nothing', () => expect(of({})).toEqual(complete()));
test('operations without times are counted', () =>
  expect(of({ relations: { untimed_op: [{ correlation_id: 1 }, { correlation_id: 2 }] } })?.untimed).toBe(2));

describe('a shift of the export', () => {
  const shift = (...rows: readonly (readonly [string, string | null])[]) =>
    of({ relations: { export_info: [] }, answers: { export_time_option: rows.map(([name, value]) => ({ name, value })) } })?.shift;
  test('is read from its options', () => expect(shift(['TIME_NORMALIZE', 'true'], ['TIME_SHIFT', '-5000'])).toBe(-5000));
  test('is none where the options say 0, nothing or no number', () =>
    expect([shift(), shift(['TIME_SHIFT', '0']), shift(['TIME_SHIFT', null]), shift(['TIME_SHIFT', 'none'])]).toEqual([0, 0, 0, 0]));
});

test('where copies or fills alone are missing the GPU’s work is whole; where kernels or graphs are, it is not', () => {
  const lost = (kind: 'kernel' | 'graph' | 'copy' | 'fill') => complete({ launches: [{ kind, n: 10, unrecorded: 10 }] });
  expect((['kernel', 'graph', 'copy', 'fill'] as const).map(kind => isComputeMissing(lost(kind)))).toEqual([true, true, false, false]);
});

describe('traces of several ranks', () => {
  const early = (...traces: RecordedTrace[]) => completenessOf(traces).map(c => c.earlyEnds.length);
  test('are laid beside one another by when their sessions began', () => {
    expect(early(traced({}, 100), traced({}, 300))).toEqual([1, 0]);
    expect(early(traced({}, 100, 2_000_000_000n), traced({}, 300, 0n))).toEqual([0, 0]);
  });
  test('are looked at apart where one does not say', () =>
    expect(early(traced({}, 100), { ...traced({}, 300), session: undefined })).toEqual([0, 0]));
});
