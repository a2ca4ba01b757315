import { expect, test } from 'vitest';
import { type Plan, sourcesOf, truthOf } from '#test/pipeline/generate';
import { inferOperations } from './infer-operations.ts';
import { readTransfers } from './transfers.ts';

const MS = 1_000_000;
const TIME = { F: MS, B: 2 * MS, W: 0 };
const PLAN: Plan = {
  ...{ schedule: '1f1b', p: 3, m: 3, copy: 1000, copiesInTurn: true, time: kind => TIME[kind], name: () => undefined },
  // Nothing is copied between the backwards of the first stage: that each is launched when its gradient is there tells them apart.
  late: (kind, stage) => (kind === 'B' && stage === 0 ? 1 : 0),
};

/** The plan as a trace without names. An operation is two kernels, of a third and two thirds of its time: each length is a work of its own. */
function bareSources(plan: Plan) {
  const source = sourcesOf(plan)[0]!;
  const { ops } = source;
  return [{ ...source, ops: { ...ops, work: Int32Array.from(ops.start, (t, i) => Math.round((3 * (ops.end[i]! - t)) / MS)) } }];
}
const inferred = (plan: Plan) => {
  const sources = bareSources(plan);
  return inferOperations(sources, readTransfers(sources));
};

test('operations are the groups of kernels between copies, told forward from backward by where the copies go', () => {
  const found = inferred(PLAN)!;
  const truth = truthOf(PLAN);
  expect(found.assumed).toEqual([]);
  expect(found.by).toEqual({ by: 'hand-offs', carriers: 'copies', devices: 3, isFitting: true });
  const origin = Math.min(...found.operations.map(o => o.work.start[0] ?? Number.NaN));
  const seen = found.operations.map(o => [o.kind, o.device, (o.work.start[0] ?? Number.NaN) - origin, o.work.end[o.work.n - 1]! - origin]);
  const order = (a: (string | number)[], b: (string | number)[]) => Number(a[2]) - Number(b[2]) || Number(a[1]) - Number(b[1]);
  expect(seen.sort(order)).toEqual(truth.ops.map(o => [o.kind, o.rank, o.start, o.end]).sort(order));
});

test('microbatches are left to be numbered, and every rest begins another iteration', () => {
  const found = inferred({ ...PLAN, iterations: 2 })!;
  expect(found.operations).toHaveLength(2 * 2 * 3 * 3);
  expect(new Set(found.operations.map(o => o.microbatch))).toEqual(new Set([undefined]));
  expect(new Set(found.operations.map(o => o.iteration?.number)).size).toBe(2);
});

test('without copies there is nothing to tell by', () => expect(inferred({ ...PLAN, copy: 0 })).toBeUndefined());

test('copies one way only are no pipeline', () => {
  const sources = bareSources(PLAN);
  const downwards = readTransfers(sources).filter(t => t.from === '0:0');
  expect(downwards.length).toBeGreaterThan(0);
  expect(inferOperations(sources, downwards)).toBeUndefined();
});

test('where copies are missing, it is said that the stretch does not fit', () => {
  const sources = bareSources(PLAN);
  const transfers = readTransfers(sources);
  const found = inferOperations(
    sources,
    transfers.filter((_, i) => i !== 3),
  )!;
  expect(found.operations).toEqual([]);
  expect(found.by).toMatchObject({ by: 'hand-offs', isFitting: false });
  expect(found.assumed).toEqual([{ what: 'misfit-stretches', count: 1, of: 1 }]);
});
