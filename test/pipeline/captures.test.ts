import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSource } from '#multi-gpu/pipeline/source';
import { pipelineAnswer } from '#report/build/parallel/pipeline-answer';
import type { Pipeline } from '#schema/pipeline';
import { TraceStore } from '#trace/nsys/trace-store';
import { readTrace } from '#trace/opened-trace';
import { SHARED, sayWhatIsMissing } from '../shared-files.ts';
import { toldPipeline } from './told.ts';

const TRACE = join(SHARED, 'captures', 'pipe', 'trace.sqlite.gz');
sayWhatIsMissing('the pipeline of the issue was', TRACE);

/** Bubbles that captures/README.md gives, in per cent: lowest and highest of four iterations, a device. */
const BUBBLES = {
  gpipe: [
    [13.8, 18.0],
    [11.5, 12.5],
  ],
  '1f1b': [
    [12.6, 16.0],
    [12.5, 16.6],
  ],
  interleaved: [
    [2.5, 4.4],
    [8.3, 13.2],
  ],
} as const;

describe.skipIf(!existsSync(TRACE))('captures/pipe', () => {
  let named: Pipeline;
  let unnamed: Pipeline;
  beforeAll(async () => {
    const store = await TraceStore.open(TRACE);
    const source = readSource(readTrace(store), 'pipe');
    named = toldPipeline([source])!;
    unnamed = toldPipeline([{ ...source, ranges: [] }])!;
    store.close();
  });
  const schedule = (name: string) => named.schedules.find(s => s.name === name)!;

  test('shows three schedules of two devices and eight microbatches', () => {
    expect(named.schedules.map(s => [s.name, s.label, s.p, s.m, s.v, s.iterations, s.departures.length])).toEqual([
      ['gpipe', 'gpipe', 2, 8, 1, 4, 0],
      ['1f1b', '1f1b', 2, 8, 1, 4, 0],
      ['interleaved', 'interleaved', 2, 8, 2, 4, 0],
    ]);
  });
  test.each(Object.entries(BUBBLES))('%s has the bubbles of the README within half a point', (name, devices) => {
    for (const [stage, [low, high]] of devices.entries()) {
      const [from, to] = schedule(name).bubble[stage]!.measured_share_range;
      expect(Math.abs(from * 100 - low)).toBeLessThan(0.5);
      expect(Math.abs(to * 100 - high)).toBeLessThan(0.5);
    }
  });
  test('has 320 hand-offs of 64 MiB at about 386 GB/s, as many as theory says', () => {
    expect(named.schedules.reduce((n, s) => n + s.handoffs.count, 0)).toBe(320);
    for (const s of named.schedules) {
      expect(s.handoffs).toMatchObject({ bytes: 64 * 2 ** 20, staged: 0, expected: s.handoffs.count });
      expect(Math.abs(s.handoffs.gbps! - 386)).toBeLessThan(8);
    }
  });
  test('hides the copies of gpipe, and exposes those of the second device of 1F1B', () => {
    for (const b of schedule('gpipe').bubble) expect(b.copies_hidden_share).toBeGreaterThan(0.85);
    expect(schedule('1f1b').bubble[1]!.copies_hidden_share).toBeLessThan(0.5);
    expect(pipelineAnswer(named)).toMatch(/^- 1F1B: .* exposed: compute covers 46 % on GPU 0 and 30 % on GPU 1 of the copy time\.$/m);
  });
  test('has marks of its phases that say what its order says', () =>
    expect(named.schedules.map(s => s.phase_marks)).toEqual(
      [128, 128, 256].map(operations => ({ operations, disagree: 0, examples: [] })),
    ));
  test('closes its books, with little unexplained', () => {
    for (const s of named.schedules) {
      expect(Math.abs(s.excess.reduce((n, e) => n + e.ms, 0) - s.excess_ms)).toBeLessThan(1e-6);
      expect(Math.abs(s.excess.find(e => e.why === 'unexplained')!.ms)).toBeLessThan(0.01 * s.p * s.iteration_ms[0]!);
    }
  });
  test('says the same of gpipe and 1F1B without the names, and that it cannot tell interleaved stages', () => {
    expect(unnamed.schedules.map(s => s.name)).toEqual(['gpipe', '1f1b']);
    for (const s of unnamed.schedules)
      for (const [stage, b] of s.bubble.entries()) expect(b.measured_share).toBeCloseTo(schedule(s.name).bubble[stage]!.measured_share, 9);
    expect(unnamed.source).toContain('likely, not sure');
    expect(unnamed.cannot_tell.join(' ')).toContain('4 of 12 stretches');
  });
});
