import { describe, expect, test } from 'vitest';
import { TEXTBOOKS } from '#multi-gpu/pipeline/schedules/index';
import type { Shape } from '#multi-gpu/pipeline/schedules/textbook';
import { unnamedWork } from '#multi-gpu/pipeline/unnamed/unnamed-work';
import { some, THOROUGH } from '../../thorough.ts';
import { PLAIN_PLAN, type UnnamedPlan } from './plan.ts';
import { recognisePlan, recogniseSeed } from './recognition.ts';
import { unnamedSource } from './source.ts';

const textbookOf = (name: string) => TEXTBOOKS.find(t => t.name === name)!;
const PLAIN: Omit<UnnamedPlan, 'textbook' | 'shape'> = { ...PLAIN_PLAN, seed: 1, iterations: 2, jitter: 0.02, wholeAtFirst: true };
const SHAPES: readonly Shape[] = [2, 4].flatMap(p => [1, 2, 3].map(v => ({ p, m: 4 * p, v })));
const ALL = TEXTBOOKS.flatMap(textbook => SHAPES.filter(textbook.fits).map(shape => ({ name: textbook.name, textbook, shape })));
/** One of each schedule, where not all are: of its shapes the first, with the fewest operations. */
const RUNS = THOROUGH ? ALL : ALL.filter(r => ALL.find(other => other.textbook === r.textbook) === r);
if (!THOROUGH) process.stderr.write('*** LEFT OUT without FORENSICS_ALL_RUNS=1: all but one shape of each schedule without names. ***\n');

describe('a run without names is recognised', () => {
  test.each(RUNS)('as $name, $shape', ({ textbook, shape }) => {
    const { verdict, said, iterations } = recognisePlan({ ...PLAIN, textbook, shape });
    expect({ verdict, said }).toEqual({ verdict: 'right', said: `${textbook.name} p=${shape.p} m=${shape.m} v=${shape.v}` });
    expect(iterations).toBe(2);
  });
  const PARTED = ALL.filter(r => r.shape.p === 4).flatMap(r => (['range', 'nothing'] as const).map(parted => ({ ...r, parted })));
  test.each(some(PARTED, 7, 'pipelines whose iterations are parted by ranges or by nothing'))(
    'as $name, $shape, where iterations are parted by: $parted',
    ({ textbook, shape, parted }) =>
      expect(recognisePlan({ ...PLAIN, textbook, shape, parted, iterations: 3 })).toMatchObject({ verdict: 'right', iterations: 3 }),
  );
  test('where two threads take turns in a backward of weights', () => {
    for (const { textbook, shape } of RUNS.filter(r => r.textbook.order(0, r.shape).some(o => o.kind === 'W')))
      expect(recognisePlan({ ...PLAIN, textbook, shape, fragments: true })).toMatchObject({ verdict: 'right' });
  });
  test('where one thread launches all, and no message parts operations that follow each other', () => {
    for (const { textbook, shape } of THOROUGH ? ALL.filter(r => r.shape.p === 4) : RUNS)
      expect(recognisePlan({ ...PLAIN, textbook, shape, autograd: false, wholeAtFirst: false }).verdict).toBe('right');
  });
});

describe('GPipe and looped BFS run the same order of kinds', () => {
  const plan: UnnamedPlan = { ...PLAIN, textbook: textbookOf('looped-bfs'), shape: { p: 4, m: 8, v: 2 }, messages: 'grouped', ends: false };
  test('and are told apart by the first backward of each chunk, which writes the gradients that the others add to', () =>
    expect(recognisePlan(plan)).toMatchObject({ verdict: 'right', said: 'looped-bfs p=4 m=8 v=2' }));
  test('and are both named where nothing tells them apart', () =>
    expect(recognisePlan({ ...plan, sumsAlways: true }).verdict).toBe('tied'));
});

describe('iterations that neither ranges nor barriers part', () => {
  const PLAN: UnnamedPlan = { ...PLAIN_PLAN, iterations: 3, parted: 'nothing' };
  const partedBy = (plan: UnnamedPlan) => {
    const by = unnamedWork([unnamedSource(plan)])?.by;
    return by?.by === 'kernels' ? by.iterations : undefined;
  };
  test('end with kernels that come once in each', () => expect(partedBy(PLAN)).toBe('steps'));
  test('or repeat, where there is no optimizer', () => expect(partedBy({ ...PLAN, optimizer: 0 })).toBe('period'));
  test('though an optimizer takes longer than an operation', () => {
    for (const autograd of [true, false])
      expect(recognisePlan({ ...PLAN, autograd, optimizer: 3 })).toMatchObject({ verdict: 'right', iterations: 3 });
  });
  test('though some records are lost', () =>
    // What was begun and what was done no longer agree there: by that alone two iterations of 12 microbatches were one of 24.
    expect(recogniseSeed(256)).toMatchObject({ plan: { lost: 'some', parted: 'nothing' }, verdict: 'right', iterations: 2 }));
});

test('what follows the last iteration without a barrier is none of it: the next schedule warms up there', () => {
  const followedBy = { textbook: textbookOf('interleaved'), shape: { p: 2, m: 8, v: 2 }, iterations: 2 };
  const found = recognisePlan({ ...PLAIN_PLAN, iterations: 3, followedBy });
  expect(found).toMatchObject({ verdict: 'right', said: '1f1b p=2 m=8 v=1', iterations: 3 });
});

describe('GPipe is not taken for looped BFS', () => {
  const PLAN: UnnamedPlan = {
    ...PLAIN_PLAN,
    textbook: textbookOf('gpipe'),
    shape: { p: 8, m: 32, v: 1 },
    iterations: 2,
  };
  test('where a rank embeds in all its forwards: a rank of several stages would in some', () =>
    expect(recognisePlan({ ...PLAN, messages: 'grouped', ends: true }).verdict).toBe('right'));
  test('where a kernel carries one message: on the first rank as on the others', () =>
    expect(recognisePlan({ ...PLAN, messages: 'single', ends: false, parted: 'nothing' }).verdict).toBe('right'));
});

test('of made-up runs with jitter, uneven stages, late ranks and lost records hardly any is given a wrong name', () => {
  const found = some(
    Array.from({ length: 30 }, (_, seed) => seed),
    30,
    'made-up pipelines without names',
  ).map(recogniseSeed);
  expect(found.filter(r => r.verdict === 'wrong').map(r => r.plan.seed)).toEqual([]);
}, 300_000);
