import { expect, test } from 'vitest';
import type { PipelineSource } from '#multi-gpu/pipeline/source';
import { toldPipeline } from '../told.ts';
import { PLAIN_PLAN } from './plan.ts';
import { unnamedSource } from './source.ts';

/** A source without what one device did from an operation on. */
function without(source: PipelineSource, device: number, from: number): PipelineSource {
  const kept = Array.from({ length: source.ops.n }, (_, i) => i).filter(i => source.ops.device[i] !== device || i < from);
  const pick = <T extends Float64Array | Int32Array | Uint8Array | Int8Array>(column: T): T =>
    (column as Float64Array).filter((_, i) => i < from || source.ops.device[i] !== device) as T;
  const { ops } = source;
  return {
    ...source,
    ops: {
      ...ops,
      n: kept.length,
      start: pick(ops.start),
      end: pick(ops.end),
      kind: pick(ops.kind),
      device: pick(ops.device),
      stream: pick(ops.stream),
      process: pick(ops.process),
      correlation: pick(ops.correlation),
      work: pick(ops.work),
      nameId: pick(ops.nameId),
      fullNameId: pick(ops.fullNameId),
      bytes: pick(ops.bytes),
      copyKind: pick(ops.copyKind),
      pageable: pick(ops.pageable),
      inGraph: pick(ops.inGraph),
    },
  };
}

test('a device whose records end early leaves what both show, and the report says so', () => {
  const source = unnamedSource(PLAIN_PLAN);
  const whole = toldPipeline([source])!;
  const cut = toldPipeline([without(source, 1, Math.floor(source.ops.n * 0.5))])!;
  expect(whole.schedules.map(s => [s.name, s.iterations])).toEqual([['1f1b', 5]]);
  expect(whole.cannot_tell).toEqual([]);
  expect(cut.schedules.map(s => [s.name, s.iterations])).toEqual([['1f1b', 2]]);
  expect(cut.cannot_tell.join(' ')).toContain('The records of GPU 1 end more than an iteration before those of the others');
  expect(cut.cannot_tell.join(' ')).toContain('3 iterations of which a device shows nothing, or not all, were left out.');
  const bubbles = (p: typeof whole) => p.schedules[0]!.bubble.map(b => b.measured_share);
  for (const [i, b] of bubbles(cut).entries()) expect(Math.abs(b - bubbles(whole)[i]!)).toBeLessThan(0.01);
});

test('one rank alone tells its bubble, and says that the schedule needs the others', () => {
  const source = unnamedSource(PLAIN_PLAN);
  const both = toldPipeline([source])!;
  const alone = toldPipeline([without(source, 1, 0)])!;
  expect(alone.schedules.map(s => [s.name, s.p, s.m, s.iterations])).toEqual([['unknown', 1, 0, 5]]);
  // The first rank of 1F1B works from the first to the last moment of an iteration.
  expect(Math.abs(alone.schedules[0]!.bubble[0]!.measured_share - both.schedules[0]!.bubble[0]!.measured_share)).toBeLessThan(0.01);
  expect(alone.cannot_tell.join(' ')).toContain('only one rank was recorded');
});
