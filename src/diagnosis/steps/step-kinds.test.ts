import { describe, expect, test } from 'vitest';
import type { LaunchedWork } from '#diagnosis/lanes/launched-work';
import { STEP_KINDS, stepKernels, stepKinds } from './step-kinds.ts';

/** One step of 10 ns: the families of kernels that it ran, and its work. */
interface Step {
  readonly ran: readonly number[];
  readonly work?: number;
  readonly heavy?: boolean;
}
const launchedIn = (steps: readonly Step[]): LaunchedWork => {
  const rows = steps.flatMap(({ ran }, i) => ran.map((family, k) => ({ at: 10 * i + k / 10, family })));
  return {
    launches: Float64Array.from(rows, r => r.at),
    starts: Float64Array.from(rows, r => r.at),
    family: Int32Array.from(rows, r => r.family),
    families: 1 + Math.max(-1, ...rows.map(r => r.family)),
  };
};
const cutsOf = (steps: readonly unknown[]) => Array.from({ length: steps.length + 1 }, (_, i) => 10 * i);
function kindsOf(steps: readonly Step[], used = [...steps.keys()]) {
  const kinds = stepKinds(
    stepKernels(launchedIn(steps), cutsOf(steps)),
    Uint8Array.from(steps, s => (s.heavy ? 1 : 0)),
    Float64Array.from(steps, s => s.work ?? 5),
    used,
  );
  return [...kinds].map(k => STEP_KINDS[k]);
}
const times = (n: number, step: Step) => Array.from({ length: n }, () => step);
const countByKind = (kinds: readonly unknown[]) => Object.fromEntries([...new Set(kinds)].map(k => [k, kinds.filter(x => x === k).length]));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

const decode: Step = { ran: [0, 1, 2, 3] };
const prefill: Step = { ran: [0, 10, 11, 12], work: 20, heavy: true };

describe('the families of kernels that a step ran', () => {
  const steps = [{ ran: [0, 40] }, { ran: [] }, { ran: [-1, 33] }];
  const ran = stepKernels(launchedIn(steps), cutsOf(steps));
  test('are those that began in it; copies and fills are none', () => {
    expect([0, 1, 2].map(i => ran.any(i))).toEqual([true, false, true]);
    expect([0, 33, 40].map(f => ran.count([0, 1, 2], f))).toEqual([1, 1, 1]);
    expect([0, 1, 2].map(i => ran.among(i, [0, 33, 40]))).toEqual([2, 0, 1]);
  });
  test('are not those from before the first step', () =>
    expect(stepKernels({ ...launchedIn([{ ran: [3] }]), starts: Float64Array.of(-1) }, [0, 10]).any(0)).toBe(false));
  test('are unknown where no kernels are: then every step may have run some', () =>
    expect(stepKernels(launchedIn([{ ran: [] }]), [0, 10]).any(0)).toBe(true));
});

describe('the kind of a step', () => {
  test('is prefill where it runs kernels that plain steps do not, and not all of theirs', () =>
    expect(countByKind(kindsOf([...times(60, decode), ...times(10, prefill)]))).toEqual({ plain: 60, prefill: 10 }));
  test('is mixed where it runs all of theirs as well', () =>
    expect(countByKind(kindsOf([...times(60, decode), ...times(10, { ...prefill, ran: [0, 1, 2, 3, 10, 11] })]))).toEqual({
      plain: 60,
      mixed: 10,
    }));
  test('may be both in one run', () => {
    const both = [...times(60, decode), ...times(10, prefill), ...times(10, { ...prefill, ran: [0, 1, 2, 3, 10, 11, 12] })];
    expect(countByKind(kindsOf(both))).toEqual({ plain: 60, prefill: 10, mixed: 10 });
  });
  test('is told by kernels and not by length: a short prompt is a prefill, a large batch is plain', () => {
    const short: Step = { ...prefill, work: 5, heavy: false };
    const large: Step = { ...decode, work: 6, heavy: true };
    expect(countByKind(kindsOf([...times(60, decode), ...times(10, prefill), ...times(3, short), ...times(10, large)]))).toEqual({
      plain: 70,
      prefill: 13,
    });
  });
  test('is heavier where it runs the same kernels and holds more work', () =>
    expect(countByKind(kindsOf([...times(60, decode), ...times(10, { ...decode, work: 20, heavy: true })]))).toEqual({
      plain: 60,
      heavier: 10,
    }));
  test('is heavier where fewer than eight would tell the kernels of prompts', () => {
    expect(countByKind(kindsOf([...times(60, decode), ...times(7, prefill)]))).toEqual({ plain: 60, heavier: 7 });
    expect(countByKind(kindsOf([...times(60, decode), ...times(8, prefill)]))).toEqual({ plain: 60, prefill: 8 });
  });
  test('is heavier where one kernel of larger sizes tells some of the heavy steps, and the others hold nearly as much', () => {
    const plain: Step = { ran: range(0, 8) };
    const larger = (work: number): Step => ({ ...plain, work, heavy: true });
    const tile: Step = { ran: [...range(0, 7), 8], work: 15, heavy: true };
    // Beyond the 5 of a plain step: 10 with that tile, and 6 or 5 without it.
    expect(countByKind(kindsOf([...times(60, plain), ...times(10, tile), ...times(10, larger(11))]))).toEqual({ plain: 60, heavier: 20 });
    expect(countByKind(kindsOf([...times(60, plain), ...times(10, tile), ...times(10, larger(10))])).plain).toBe(70);
  });
  test('is heavier where it is told by no kernel of prompts, and a quarter of its own is seldom run in a plain step: a decode outside of its graph', () => {
    const plain: Step = { ran: range(0, 12) };
    const eager = (n: number): Step => ({ ran: [...range(0, 12 - n), ...range(20, 20 + n)], work: 6, heavy: true });
    const steps = (n: number) => [...times(60, plain), ...times(10, prefill), ...times(5, eager(n))];
    expect(countByKind(kindsOf(steps(3)))).toEqual({ plain: 60, prefill: 10, heavier: 5 });
    expect(countByKind(kindsOf(steps(2)))).toEqual({ plain: 65, prefill: 10 });
  });
  test('is that of another program where a quarter of its kernels is never run in a plain step, however much work the others hold', () => {
    const large: Step = { ran: range(0, 9), work: 19, heavy: true };
    const withNew = (n: number): Step => ({ ran: [...range(0, 12 - n), ...range(20, 20 + n)], work: 20, heavy: true });
    const steps = (n: number) => [...times(60, { ran: range(0, 12) }), ...times(10, large), ...times(10, withNew(n))];
    expect(countByKind(kindsOf(steps(3)))).toEqual({ plain: 70, prefill: 10 });
    expect(countByKind(kindsOf(steps(2)))).toEqual({ plain: 60, heavier: 20 });
  });
  test('is told by kernels that heavy steps run more than four times as often as plain ones', () => {
    /** Of a hundred plain steps so many run the kernels of a prompt: short ones. */
    const withShort = (n: number) =>
      countByKind(kindsOf([...times(100 - n, decode), ...times(n, { ...prefill, heavy: false, work: 5 }), ...times(10, prefill)]));
    expect(withShort(24)).toEqual({ plain: 76, prefill: 34 });
    expect(withShort(25)).toEqual({ plain: 100, heavier: 10 });
  });
  test('is other where nothing ran', () =>
    expect(countByKind(kindsOf([...times(20, decode), ...times(20, { ran: [] }), ...times(10, prefill)]))).toEqual({
      plain: 20,
      other: 20,
      prefill: 10,
    }));
  test('is told by its work where no kernels are known', () =>
    expect(countByKind(kindsOf([...times(20, { ran: [] }), ...times(3, { ran: [], heavy: true })]))).toEqual({ plain: 20, heavier: 3 }));
  test('is told by steps in use, and given to all', () => {
    const steps = [...times(60, decode), ...times(10, prefill), ...times(5, prefill)];
    expect(countByKind(kindsOf(steps, range(0, 70)))).toEqual({ plain: 60, prefill: 15 });
  });
});
