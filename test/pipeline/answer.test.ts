import { describe, expect, test } from 'vitest';
import { detectors } from '#diagnosis/causes/index.gen';
import { pipelineAnswer } from '#report/build/parallel/pipeline-answer';
import { blocks } from '#report/render/prose';
import type { Schedule } from '#schema/pipeline';
import { type Plan, sourcesOf } from './generate.ts';
import { toldPipeline } from './told.ts';

const MS = 1_000_000;
const analyzed = (more: Partial<Plan> = {}) =>
  toldPipeline(sourcesOf({ schedule: '1f1b', p: 4, m: 8, copy: 1, time: kind => (kind === 'F' ? MS : 2 * MS), ...more }), {
    detectors,
  })!;
const one = (more: Partial<Plan> = {}) => analyzed(more).schedules[0]!;
const told = (schedules: readonly Schedule[]) => pipelineAnswer({ schedules: [...schedules], cannot_tell: [] });
const headline = (schedules: readonly Schedule[]) => told(schedules).split('\n')[0]!;

describe('the answer', () => {
  test('is a verdict, and then a line for each schedule', () => {
    const schedules = [one(), one({ schedule: 'gpipe' }), one({ copy: 900_000 })];
    const [first, second, ...none] = blocks(told(schedules));
    expect(none).toEqual([]);
    expect(first).toMatchObject({ kind: 'paragraph' });
    expect(headline(schedules).split('. ').length).toBeLessThanOrEqual(3);
    expect(second).toMatchObject({ kind: 'list', items: [/^1F1B: /, /^GPipe: /, /^1F1B: /].map(p => expect.stringMatching(p)) });
    for (const line of told(schedules).split('\n')) expect(line.split(' ').length).toBeLessThan(70);
  });
  test('says the bubble beside theory', () => expect(headline([one()])).toMatch(/^The bubble is 27\.3 % with 1F1B \(theory 27\.3 %\);/));
  test('of a pipeline as theory has it blames nothing', () => expect(headline([one()])).toContain('stand still no longer than that'));
  test('names the largest cause', () => {
    expect(headline([one({ copy: 900_000 })])).toContain('goes to hand-offs that nothing hides');
    expect(headline([one({ time: (_, stage) => (stage === 1 ? 3 : 2) * MS })])).toContain('goes to uneven stages');
    expect(headline([one({ late: () => 900_000, doing: () => ({ name: 'fsync', os: true }) })])).toContain(
      'goes to launches that came late (storage on the launch path)',
    );
  });
  test('never takes the unexplained for a cause', () => {
    const s = one({ copy: 900_000 });
    const excess = (parts: Partial<Record<string, number>>) => ({
      ...s,
      excess: s.excess.map(e => ({ ...e, ms: parts[e.why] ?? 0 })),
      excess_ms: Object.values(parts).reduce<number>((a, b) => a + (b ?? 0), 0),
    });
    expect(headline([excess({ unexplained: 9, 'exposed-copy': 3 })])).toMatch(
      /; 25 % of the time beyond theory goes to hand-offs that nothing hides\. 75 % is unexplained\.$/,
    );
    expect(headline([excess({ unexplained: 9 })])).toMatch(/no cause that has a name stands out .* 100 % is unexplained\.$/);
    expect(headline([excess({ unexplained: 3, 'exposed-copy': 9 })])).not.toContain('unexplained');
  });
  test('says why the size of NCCL’s hand-offs is not known', () => {
    expect(told([one({ copy: 100_000, reports: { clockOff: 5, nccl: true } })])).toContain(
      '48 hand-offs by NCCL, whose kernels record neither bytes nor rate.',
    );
  });
  test('gives both names, and the theory of both, where nothing tells them apart', () => {
    const open = (theory: number) => ({
      ...one(),
      name: 'unknown' as const,
      bubble: one().bubble.map(b => ({ ...b, theory_share: null })),
      candidates: [
        { name: '1f1b' as const, theory_share: 0.2 },
        { name: 'gpipe' as const, theory_share: theory },
      ],
    });
    expect(headline([open(0.2)])).toContain('with 1F1B or GPipe (theory 20.0 %)');
    expect(headline([open(0.1)])).toContain('with 1F1B or GPipe (theory 20.0 % or 10.0 %)');
  });
  test('tells how time went where only the bubble is known, and explains nothing', () => {
    const bare: Schedule = { ...one(), name: 'unknown', m: 0, v: 0, excess: [], excess_ms: 0 };
    const [first, line] = told([bare]).split('\n');
    expect(first).toBe('The bubble is 27.3 % with an unknown schedule (theory 27.3 %).');
    expect(line).toMatch(
      /^- An unknown schedule: a mean device idles .* of an iteration of .* and only communicates for .*\. Its hand-offs are not known\.$/,
    );
  });
  test('says in words that nothing is hidden', () => {
    const s = one({ copy: 900_000 });
    const bare = { ...s, bubble: s.bubble.map(b => ({ ...b, copies_hidden_share: 0 })) };
    expect(told([bare])).toContain('not hidden under compute at all');
    expect(told([bare])).not.toContain(' 0 %');
  });
  test('keeps a label from a trace on its line', () => {
    const s = { ...one(), label: 'run\n- 3\tagain' };
    expect(blocks(told([s]))[1]).toMatchObject({ items: [expect.stringContaining('1F1B “run - 3 again”')] });
  });
});

test('an answer without lines is paragraphs', () =>
  expect(blocks('One.\n\nTwo.\n- a\n- b\nThree.')).toEqual([
    { kind: 'paragraph', text: 'One.' },
    { kind: 'paragraph', text: 'Two.' },
    { kind: 'list', items: ['a', 'b'] },
    { kind: 'paragraph', text: 'Three.' },
  ]));
