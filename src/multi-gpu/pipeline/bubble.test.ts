import { describe, expect, test } from 'vitest';
import { copy, devicesOf, iterationOf } from '#test/pipeline/iteration-sample';
import { explainBubble, meanExplanation } from './excess.ts';
import { handoffsOf } from './handoffs.ts';
import { gpipe } from './schedules/gpipe.ts';
import { stageBubble } from './stage-bubble.ts';
import { measureIteration } from './tasks.ts';
import type { Transfer } from './transfers.ts';
import { whatIfs } from './what-if.ts';

/** Two stages, all forwards and then all backwards, measured. */
function measured(ranks: readonly [string, string], transfers: readonly Transfer[] = [], communication = {}) {
  const iteration = iterationOf(ranks);
  const devices = devicesOf(iteration, communication);
  return { iteration, devices, measured: measureIteration(iteration, handoffsOf(iteration, transfers, new Map(), devices), devices) };
}
const explained = (ranks: readonly [string, string], transfers: readonly Transfer[] = []) =>
  explainBubble(measured(ranks, transfers).measured, gpipe)!;
const partsOf = (ranks: readonly [string, string], transfers: readonly Transfer[] = []) =>
  Object.fromEntries(Object.entries(explained(ranks, transfers).parts).filter(([, ns]) => Math.abs(ns) > 1e-9));

// Forwards of 10 ns and backwards of 20: 60 ns of compute a device, 90 ns in all. Theory: (p - 1) / m = 1/2 of the compute idles.
const EVEN = ['F0 0-10, F1 10-20, B0 50-70, B1 70-90', 'F0 10-20, F1 20-30, B0 30-50, B1 50-70'] as const;
// The same with copies of 5 ns that nobody hides: the second stage begins 5 ns later, and so does the way back.
const COPIED = ['F0 0-10, F1 10-20, B0 60-80, B1 80-100', 'F0 15-25, F1 25-35, B0 35-55, B1 55-75'] as const;
const COPIES = [copy(0, 1, 10, 15), copy(0, 1, 20, 25), copy(1, 0, 55, 60), copy(1, 0, 75, 80)];

describe('time beyond theory, in ns of both devices', () => {
  test('is none where the pipeline is as theory has it', () => {
    const books = explained(EVEN);
    expect(books).toMatchObject({ simulated: 90, undisturbed: 90, ideal: 60, overhead: 0.5 });
    expect(books.excess).toBeCloseTo(0, 9);
    expect(partsOf(EVEN)).toEqual({});
  });
  test('is that of copies which nothing hides', () => {
    // Two devices of 100 ns, less 120 ns of compute and half as much for the bubble of theory.
    expect(explained(COPIED, COPIES).excess).toBeCloseTo(2 * 100 - 1.5 * 120, 9);
    expect(partsOf(COPIED, COPIES)).toEqual({ 'exposed-copy': expect.closeTo(20, 9) });
  });
  test('is the wait around copies that take no time themselves', () => {
    const instant = COPIES.map(c => copy(Number(c.from.slice(2)), Number(c.to.slice(2)), c.end - 1, c.end));
    // Each copy of 1 ns begins 4 ns after its producer ended: of the 10 ns that the iteration grows by, 8 are the wait.
    expect(partsOf(COPIED, instant)).toEqual({ 'exposed-copy': expect.closeTo(4, 9), 'handoff-latency': expect.closeTo(16, 9) });
  });
  test('is that of launches which came late', () =>
    // The first stage's first backward could begin at 50 and is launched at 57: 7 ns on two devices.
    expect(partsOf(['F0 0-10, F1 10-20, B0 57-77@57, B1 77-97', EVEN[1]])).toEqual({ 'launch-starvation': expect.closeTo(14, 9) }));
  test('is that of uneven stages', () =>
    // Compute of 60 and 80 ns in 110 ns: 2 x 110 - 1.5 x 140.
    expect(partsOf(['F0 0-10, F1 10-20, B0 70-90, B1 90-110', 'F0 10-30, F1 30-50, B0 50-70, B1 70-90'])).toEqual({
      'stage-imbalance': expect.closeTo(10, 9),
    }));
  test('is that of one operation longer than its like', () =>
    // Three microbatches of 10 ns, but one of 16: 2 x 86 - (1 + 1/3) x 126.
    expect(
      partsOf(['F0 0-10, F1 10-20, F2 20-30, B0 56-66, B1 66-76, B2 76-86', 'F0 10-20, F1 20-36, F2 36-46, B0 46-56, B1 56-66, B2 66-76']),
    ).toEqual({ straggling: expect.closeTo(4, 9) }));
  test('is unexplained where nothing tells why an operation began late', () =>
    expect(partsOf(['F0 0-10, F1 10-20, B0 55-75, B1 75-95', 'F0 10-20, F1 20-30, B0 35-55, B1 55-75'])).toEqual({
      unexplained: expect.closeTo(10, 9),
    }));
  test('of several iterations is their mean', () => {
    const { excess, parts } = meanExplanation([explained(EVEN), explained(COPIED, COPIES)]);
    expect(excess).toBeCloseTo(10, 9);
    expect(parts.find(p => p.why === 'exposed-copy')?.ns).toBeCloseTo(10, 9);
  });
});

describe('what would be gained', () => {
  const gains = (ranks: readonly [string, string], transfers: readonly Transfer[] = []) =>
    new Map(whatIfs(measured(ranks, transfers).measured).map(({ what, speedup }) => [what.mended, speedup]));
  test('with free copies: the 10 ns of 100 that they cost', () => {
    const found = gains(COPIED, COPIES);
    expect(found.get('copies')).toBeCloseTo(100 / 90, 9);
    expect(found.get('hand-offs')).toBeCloseTo(100 / 90, 9);
    expect(found.has('launches')).toBe(false);
  });
  test('with even stages: 110 ns become those of forwards of 15 and backwards of 20', () =>
    // 15 + 2 x 15 + 2 x 20 + 20 = 105.
    expect(gains(['F0 0-10, F1 10-20, B0 70-90, B1 90-110', 'F0 10-30, F1 30-50, B0 50-70, B1 70-90']).get('stages')).toBeCloseTo(
      110 / 105,
      9,
    ));
  test('is nothing where there is nothing to mend', () => expect([...gains(EVEN)]).toEqual([]));
});

describe('the bubble of a stage', () => {
  const bubble = (rank: number, of: ReturnType<typeof measured>) =>
    stageBubble(rank, [of.measured], [explainBubble(of.measured, gpipe)], of.devices);
  test('is what its device did not compute of the iteration, beside theory and simulation', () =>
    expect(bubble(0, measured(EVEN))).toMatchObject({
      stage: 0,
      device: 'GPU 0',
      measured_share: expect.closeTo(30 / 90, 9),
      measured_overhead: expect.closeTo(30 / 60, 9),
      theory_share: expect.closeTo(1 / 3, 9),
      simulated_share: expect.closeTo(30 / 90, 9),
      idle_ms: expect.closeTo(30e-6, 12),
      compute_ms: expect.closeTo(60e-6, 12),
      copies_hidden_share: null,
      peak_microbatches: 2,
    }));
  test('holds communication that hides nothing apart from idle time', () => {
    // Of the 25 ns of communication, 5 lie under the first forward.
    const of = measured(COPIED, COPIES, {
      0: [
        [5, 10],
        [20, 30],
        [40, 50],
      ],
    });
    expect(bubble(0, of)).toMatchObject({ exposed_communication_ms: expect.closeTo(20e-6, 12), idle_ms: expect.closeTo(20e-6, 12) });
  });
  test('says how much of its copies it hides under its own compute', () => {
    // The first copy runs under the second forward, the second one under nothing.
    expect(bubble(0, measured(COPIED, COPIES)).copies_hidden_share).toBeCloseTo(5 / 10, 9);
    // Both run under the backwards of the stage that sends them, or after them.
    expect(bubble(1, measured(COPIED, COPIES)).copies_hidden_share).toBeCloseTo(5 / 10, 9);
  });
});
