import { expect, test } from 'vitest';
import { gpipe } from '#multi-gpu/pipeline/schedules/gpipe';
import type { PipelineSource } from '#multi-gpu/pipeline/source';
import { unnamedWork } from '#multi-gpu/pipeline/unnamed/unnamed-work';
import { findWork } from '#multi-gpu/pipeline/work';
import { PLAIN_PLAN, type UnnamedPlan } from './plan.ts';
import { unnamedSource } from './source.ts';

const PLAN: UnnamedPlan = { ...PLAIN_PLAN, textbook: gpipe, iterations: 4 };

/** The same with only the first few messages of each stretch between collectives: the others compute. */
function withMessages(source: PipelineSource, each: number): PipelineSource {
  const { ops } = source;
  const seen = new Map<number, number>();
  const kind = ops.kind.map((k, i) => {
    const device = ops.device[i]!;
    if (k !== 1) return k;
    const isMessage = (ops.names.get(ops.nameId[i]!) ?? '').includes('SendRecv');
    if (!isMessage) {
      seen.set(device, 0);
      return k;
    }
    const n = (seen.get(device) ?? 0) + 1;
    seen.set(device, n);
    return n > each ? 0 : k;
  });
  return { ...source, ops: { ...ops, kind } };
}

test('ranks that pass one message a step on, as those that gather results do, are no pipeline', () => {
  const source = unnamedSource(PLAN);
  expect(unnamedWork([source])!.iterations).toHaveLength(4);
  expect(unnamedWork([withMessages(source, 1)])).toBeUndefined();
});

test('ranks that pass nothing on are none, however alike their work is', () =>
  expect(unnamedWork([withMessages(unnamedSource(PLAN), 0)])).toBeUndefined());

test('where requests were served, messages without names are not looked at', () => {
  const source = unnamedSource(PLAN);
  expect(findWork([source], undefined, [], [])?.iterations).toHaveLength(4);
  expect(findWork([source], undefined, [], [], true)).toBeUndefined();
});
