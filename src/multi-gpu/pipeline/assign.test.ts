import { describe, expect, test } from 'vitest';
import { spansOf } from '#core/math/spans';
import { type Found, foundOf } from '#test/pipeline/iteration-sample';
import { assignMicrobatches } from './assign-microbatches.ts';
import { assignStages } from './assign-stages.ts';
import type { Assumed } from './assumptions.ts';
import { splitAndPlace } from './iterations.ts';
import { withRestOfWeights } from './rest-of-weights.ts';

describe('microbatches', () => {
  const unnamed = (kind: Found['kind'], device: number, start: number) => ({ ...foundOf(kind, 0, device, start), microbatch: undefined });
  test('that are not named are numbered in the order in which they ran, as many as the first stage runs before it is level', () => {
    const assumed = new Map() as Assumed;
    const kinds = ['F', 'F', 'B', 'B'] as const;
    const list = [0, 1].flatMap(pass => kinds.map((kind, i) => unnamed(kind, 0, 10 * pass + i)));
    expect(assignMicrobatches(list, assumed).map(o => `${o.kind}${o.microbatch}`)).toEqual([
      'F0',
      'F1',
      'B0',
      'B1',
      'F0',
      'F1',
      'B0',
      'B1',
    ]);
    expect([...assumed.keys()]).toEqual(['numbered-by-order']);
  });
  test('that are named stay as they are, without a word', () => {
    const assumed = new Map() as Assumed;
    const list = [foundOf('F', 7, 0, 0), foundOf('F', 3, 0, 1)];
    expect(assignMicrobatches(list, assumed)).toEqual(list);
    expect(assumed.size).toBe(0);
  });
});

describe('stages', () => {
  const placed = (...list: Found[]) => {
    const assumed = new Map() as Assumed;
    return { ...assignStages(list, assumed), assumed: [...assumed.values()] };
  };
  const places = ({ operations }: ReturnType<typeof placed>) => operations.map(o => [o.rank, o.stage]);

  test('that are not named follow the first microbatch through the devices', () => {
    const found = placed(foundOf('F', 0, 2, 0), foundOf('F', 0, 0, 5), foundOf('F', 0, 1, 10), foundOf('F', 1, 2, 12));
    expect(found).toMatchObject({ p: 3, m: 2, v: 1, devices: ['0:2', '0:0', '0:1'], assumed: [] });
    expect(places(found)).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [0, 0],
    ]);
  });
  test('of a second chunk that begins on the first device go round again', () =>
    expect(places(placed(...[0, 1].flatMap(chunk => [0, 1].map(d => foundOf('F', 0, d, 10 * chunk + d, { chunk })))))).toEqual([
      [0, 0],
      [1, 1],
      [0, 2],
      [1, 3],
    ]));
  test('of a second chunk that begins on the last device run back up: a V', () => {
    const list = [
      foundOf('F', 0, 0, 0, { chunk: 0 }),
      foundOf('F', 0, 1, 1, { chunk: 0 }),
      foundOf('F', 0, 1, 2, { chunk: 1 }),
      foundOf('F', 0, 0, 3, { chunk: 1 }),
    ];
    expect(places(placed(...list))).toEqual([
      [0, 0],
      [1, 1],
      [1, 2],
      [0, 3],
    ]);
  });
  test('of a replica are left out, and that is said', () => {
    const found = placed(...[0, 1].map(device => foundOf('F', 0, device, device, { stage: 0 })));
    expect(found).toMatchObject({ p: 1, devices: ['0:0'], assumed: [{ what: 'replicas' }] });
  });
});

test('a range for the weights of all that is left is cut evenly between the backwards without weights of their own', () => {
  const assumed = new Map() as Assumed;
  const rest = {
    ...foundOf('W', 0, 0, 0),
    microbatch: undefined,
    work: spansOf([
      [20, 24],
      [26, 28],
    ]),
    launched: 5,
  };
  const list = [foundOf('B', 0, 0, 0), foundOf('B', 1, 0, 5), foundOf('W', 0, 0, 10), foundOf('B', 2, 0, 12), rest];
  const weights = withRestOfWeights(list, assumed).filter(o => o.kind === 'W');
  // Six ns of weights, for microbatches 1 and 2: three each, whatever the pause between.
  expect(weights.map(o => [o.microbatch, ...Array.from(o.work.start, (s, i) => [s, o.work.end[i]]), o.launched])).toEqual([
    [0, [10, 11], Number.NaN],
    [1, [20, 23], 5],
    [2, [23, 24], [26, 28], Number.NaN],
  ]);
  expect(assumed.size).toBe(1);
});

test('an iteration that the recording cut off is left out, and counted', () => {
  const pass = (at: number) => [0, 1].flatMap(mb => [foundOf('F', mb, 0, at + mb), foundOf('B', mb, 0, at + 5 + mb)]);
  const whole = (at: number) => pass(at).sort((a, b) => (a.work.start[0] ?? 0) - (b.work.start[0] ?? 0));
  const { iterations, assumed } = splitAndPlace([...whole(0), ...whole(100), ...whole(200).slice(0, 3)]);
  expect(iterations.map(i => i.operations.length)).toEqual([4, 4]);
  expect(assumed).toEqual([{ what: 'incomplete-iterations', count: 1 }]);
});
