import { describe, expect, test } from 'vitest';
import { dualpipe } from '#multi-gpu/pipeline/schedules/dualpipe';
import type { Slot } from '#multi-gpu/pipeline/schedules/textbook';
import { type Op, sourcesOf } from './generate.ts';
import { toldPipeline } from './told.ts';

const orders = (p: number, m: number) => Array.from({ length: p }, (_, rank) => dualpipe.order(rank, { p, m, v: 2 }));
const at = (o: Slot) => `${o.microbatch}.${o.stage}`;
const splitOf = (all: readonly (readonly Slot[])[]) =>
  new Set(
    all
      .flat()
      .filter(o => o.kind === 'W')
      .map(at),
  );

/**
 * The bubble of a rank where a forward and the backward after it run as one and hand both results on at its end, as the report has it.
 * Only the middle ranks do not join their first two. Each unit starts as soon as its rank and its inputs are ready.
 */
function bubbleOfPairs(p: number, m: number, { F, B, W }: { F: number; B: number; W: number }): number {
  const all = orders(p, m);
  const split = splitOf(all);
  const takes = (o: Slot) => (o.kind === 'F' ? F : o.kind === 'W' ? W : split.has(at(o)) ? B : B + W);
  interface Unit {
    ops: Slot[];
    before: Unit | undefined;
  }
  const unitOf = new Map<string, Unit>();
  const ranks = all.map((list, rank) => {
    const middle = rank === p / 2 - 1 || rank === p / 2;
    let pairs = 0;
    const units: Unit[] = [];
    for (let i = 0; i < list.length; i++) {
      const o = list[i]!;
      const next = list[i + 1];
      const ops = [o];
      if (o.kind === 'F' && next?.kind === 'B' && !(middle && pairs++ === 0)) {
        ops.push(next);
        i++;
      }
      const unit = { ops, before: units.at(-1) };
      units.push(unit);
      for (const x of ops) unitOf.set(`${x.kind}${at(x)}`, unit);
    }
    return units;
  });
  const done = new Map<Unit, number>();
  const end = (unit: Unit): number => {
    const known = done.get(unit);
    if (known !== undefined) return known;
    const needs = unit.ops.flatMap(o =>
      o.kind === 'F'
        ? [`F${o.microbatch}.${o.stage - 1}`]
        : o.kind === 'B'
          ? [`B${o.microbatch}.${o.stage + 1}`, `F${at(o)}`]
          : [`B${at(o)}`],
    );
    const inputs = needs.flatMap(key => unitOf.get(key) ?? []).filter(u => u !== unit);
    const start = Math.max(0, ...[unit.before ?? [], inputs].flat().map(end));
    const result = start + unit.ops.reduce((n, o) => n + takes(o), 0);
    done.set(unit, result);
    return result;
  };
  const length = Math.max(...ranks.flat().map(end));
  return length - ranks[0]!.flatMap(u => u.ops).reduce((n, o) => n + takes(o), 0);
}

describe('the bubble of DualPipe', () => {
  const theory = (p: number, m: number, F: number, B: number, W: number) =>
    dualpipe.overhead!({ p, m, v: 2 }, { F, B, W, backward: B + W })! * m * (F + B + W);
  test('is (PP/2 − 1)(F&B + B − 3W) on each device', () => {
    expect(theory(8, 20, 1, 1, 1)).toBeCloseTo(3 * (3 + 2 - 3), 9);
    expect(theory(16, 32, 2, 3, 1)).toBeCloseTo(7 * (6 + 4 - 3), 9);
  });
  test.each([
    [2, 4],
    [2, 8],
    [4, 8],
    [4, 16],
  ])('is that of its order, run with %i ranks and %i microbatches', (p, m) => {
    // The report counts a forward as long as a backward of the inputs.
    for (const time of [
      { F: 1, B: 1, W: 1 },
      { F: 2, B: 2, W: 1 },
    ])
      expect(bubbleOfPairs(p, m, time)).toBe(theory(p, m, time.F, time.B, time.W));
  });
  test('cannot be told where no name tells the weights apart', () =>
    expect(dualpipe.overhead!({ p: 8, m: 20, v: 2 }, { F: 1, B: 2, W: 0, backward: 2 })).toBeUndefined());
});

test.each([
  [4, 8],
  [8, 20],
])('DualPipe is recognised from a trace of %i ranks, with its theory', (p, m) => {
  const all = orders(p, m);
  const split = splitOf(all);
  const time = (kind: string, stage: number, mb: number) => (kind === 'B' && !split.has(`${mb}.${stage}`) ? 2_000_000 : 1_000_000);
  const order = (rank: number): Op[] => all[rank]!.map(o => ({ kind: o.kind, mb: o.microbatch, stage: o.stage, rank }));
  const found = toldPipeline(sourcesOf({ schedule: '1f1b', order, p, m, time }))!;
  expect(found.schedules).toHaveLength(1);
  expect(found.schedules[0]).toMatchObject({ name: 'dualpipe', p, m, v: 2, departures: [] });
  const overhead = ((p / 2 - 1) * (3 + 2 - 3)) / (m * 3);
  for (const b of found.schedules[0]!.bubble) {
    expect(b.theory_share).toBeCloseTo(overhead / (1 + overhead), 9);
    // Nothing runs beside anything here, so that a forward is handed on before its backward is done: better than theory.
    expect(b.measured_share).toBeLessThanOrEqual(b.theory_share!);
  }
});
