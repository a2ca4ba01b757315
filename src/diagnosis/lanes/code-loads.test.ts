import { describe, expect, test } from 'vitest';
import { hostCalls, type LaneOp, laneOf, laneOps, type ThreadCall } from '#test/lane-sample';
import { codeLoads } from './code-loads.ts';

const MS = 1e6;
/** The gap lasts from 100 to 200 ms; the kernel of work 0 ran before it and after. */
const kernel = (at: number, work: number, rest: Partial<LaneOp> = {}): LaneOp => ({ start: at * MS, end: (at + 1) * MS, work, ...rest });
const load = (at: number, ms = 0.1, name = 'cuModuleLoadData', thread = 1): ThreadCall => ({
  start: at * MS,
  end: (at + ms) * MS,
  name,
  thread,
});

function follows(calls: readonly ThreadCall[], kernels: readonly LaneOp[], to = 200): boolean {
  const ops = laneOps([kernel(10, 0), kernel(300, 0), ...kernels]);
  return codeLoads(ops, hostCalls(calls), laneOf(ops))(100 * MS, to * MS);
}

describe('code was made or loaded in a gap', () => {
  test('where another thread loaded some in it and a kernel ran that was never seen before', () => {
    expect(follows([load(150)], [kernel(201, 5)])).toBe(true);
    expect(follows([load(150)], [kernel(201, 0)])).toBe(false);
    expect(follows([], [kernel(201, 5)])).toBe(false);
  });
  test('where it was loaded up to a millisecond after the gap: what ended it was the input of the new kernel', () => {
    expect(follows([load(201)], [kernel(202, 5)])).toBe(true);
    expect(follows([load(201.1)], [kernel(202, 5)])).toBe(false);
    expect(follows([load(99)], [kernel(202, 5)])).toBe(false);
  });
  test('where the new kernel ran no later than ten milliseconds after the gap, and after the load', () => {
    expect(follows([load(150)], [kernel(210, 5)])).toBe(true);
    expect(follows([load(150)], [kernel(210.1, 5)])).toBe(false);
    expect(follows([load(150)], [kernel(149, 5)])).toBe(false);
  });
  test('where a whole program was loaded: a millisecond of loads, whatever its kernels are called', () => {
    expect(follows([load(150, 0.5), load(160, 0.51)], [])).toBe(true);
    expect(follows([load(150, 0.5), load(160, 0.49)], [])).toBe(false);
  });
  test('where the gap lasted ten milliseconds', () => {
    expect(follows([load(105)], [kernel(112, 5)], 110)).toBe(true);
    expect(follows([load(105)], [kernel(112, 5)], 109.9)).toBe(false);
  });
  test('by calls that bring code: not by those that look it up or let go of it', () => {
    const by = (name: string) => follows([load(150, 5, name)], [kernel(201, 5)]);
    expect(['cuLibraryLoadData', 'cuLinkComplete', 'nvrtcCompileProgram', 'cuFuncLoad'].map(by)).toEqual([true, true, true, true]);
    expect(['cuModuleUnload', 'cuModuleGetFunction', 'cuModuleGetLoadingMode'].map(by)).toEqual([false, false, false]);
  });
});
