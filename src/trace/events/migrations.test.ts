import { describe, expect, test } from 'vitest';
import { traceOf } from '#test/trace-sample';
import { readGpuOps } from './gpu-ops.ts';

const PID = 2 ** 24;
const copy = (copy_kind: number, migration_cause = 2, start_ns = 0) => ({
  ...{ copy_kind, migration_cause, start_ns, end_ns: start_ns + 10, global_pid: PID, device_id: 0, stream_id: 7, correlation_id: 0 },
  ...{ bytes: 4096, src_kind: 4, dst_kind: 4 },
});
const fault = (device_id: number, faults: number, start_ns = 0) => ({ start_ns, end_ns: start_ns + 5, global_pid: PID, device_id, faults });
const read = (memcpy: ReturnType<typeof copy>[], page_fault: ReturnType<typeof fault>[] = []) =>
  readGpuOps(traceOf({ relations: { memcpy, page_fault } })).migrations;

test('without managed memory there are none', () => expect(read([copy(1), copy(2), copy(10)]).n).toBe(0));
describe('a migration', () => {
  test.each([11, 12, 13])('is a copy of kind %d', kind =>
    expect(read([copy(kind)])).toMatchObject({ n: 1, start: Float64Array.of(0), end: Float64Array.of(10), bytes: Float64Array.of(4096) }),
  );
  test('is none where the program asked for it, as in a prefetch', () => expect(read([copy(11, 1)]).n).toBe(0));
  test('is one where the trace does not say why it was made', () => expect(read([copy(11, -1)]).n).toBe(1));
});
test('a page fault of a GPU is on its device, one of a CPU on none; a group counts as many', () =>
  expect(read([copy(1)], [fault(0, 7), fault(-1, -1, 1)])).toMatchObject({
    n: 2,
    device: Int32Array.of(0, -1),
    process: Int32Array.of(0, 0),
    faults: Float64Array.of(7, 1),
  }));
test('they stand in order of start', () =>
  expect([...read([copy(11, 2, 20)], [fault(0, 1, 30), fault(0, 1, 5)]).start]).toEqual([5, 20, 30]));
