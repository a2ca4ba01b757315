import { expect, test } from 'vitest';
import { judgeMachine } from '#machine/judge';
import type { ServerActivity } from '#machine/server-activity';
import { rules } from './index.gen.ts';

/** Tokens a second that the guide expects of four GPUs at least. */
const GUIDE = 100;

/** A server on GPUs that hold so many GB and are active for so many percent. */
const server = (gb: readonly number[], active: readonly (number | undefined)[], wish: Partial<ServerActivity> = {}): ServerActivity => ({
  gpus: gb.map((held, gpu) => ({
    gpu,
    name: 'NVIDIA RTX 6000 Ada Generation',
    memoryUsedMib: held * 1024,
    memoryTotalMib: 48 * 1024,
    utilizationPct: active[gpu],
    readings: 20,
  })),
  isUnderLoad: true,
  tokensPerS: 110,
  expected: GUIDE,
  ...wish,
});
const found = (activity: ServerActivity) =>
  judgeMachine(rules, { xids: [], links: [], facts: [], activity }).map(
    j => `${j.sightings[0]?.told?.severity ?? j.rule.severity} ${j.rule.id}: ${j.sightings.map(s => s.entity).join(', ')}`,
  );

test('a healthy server is not accused: as the guide shows it, with one GPU, with none that tells its utilization, and at rest', () => {
  expect(found(server([42, 42, 41, 42], [89, 87, 88, 89]))).toEqual([]);
  expect(found(server([42], [96], { tokensPerS: 40, expected: 35 }))).toEqual([]);
  expect(found(server([42, 42], [undefined, undefined]))).toEqual([]);
  expect(found(server([42, 42, 41, 42], [0, 0, 0, 0], { isUnderLoad: false, tokensPerS: undefined }))).toEqual([]);
  expect(found(server([1, 1, 1, 1], [0, 0, 0, 0], { isUnderLoad: false, tokensPerS: undefined }))).toEqual([]);
});

test('issue 1 of the guide: only GPU 0 is active', () => {
  expect(found(server([42, 1, 1, 1], [96, 0, 0, 0]))).toEqual(['medium idle-gpus: GPU 1, GPU 2, GPU 3']);
  expect(found(server([42, 1, 1, 1], [0, 0, 0, 0], { isUnderLoad: false }))).toEqual(['low idle-gpus: GPU 1, GPU 2, GPU 3']);
  // One that holds its share of the model and does nothing.
  expect(found(server([42, 42, 42, 42], [90, 90, 90, 0]))).toEqual(['medium idle-gpus: GPU 3']);
});

test('issue 2 of the guide: slow although all are active', () => {
  expect(found(server([42, 42, 42, 42], [60, 58, 61, 60], { tokensPerS: 12.2 }))).toEqual(['high slow-server: the server']);
  expect(found(server([42, 42, 42, 42], [60, 58, 61, 60], { tokensPerS: 50 }))).toEqual([]);
  // Nothing is expected where nobody says what.
  expect(found(server([42, 42, 42, 42], [60, 58, 61, 60], { tokensPerS: 12.2, expected: undefined }))).toEqual([]);
});

test('issue 3 of the guide: unbalanced memory', () => {
  expect(found(server([42, 35, 41, 42], [89, 87, 88, 89]))).toEqual(['medium uneven-memory: GPU 1']);
  expect(found(server([42, 36, 41, 42], [89, 87, 88, 89]))).toEqual([]);
  expect(found(server([42, 35, 41, 42], [0, 0, 0, 0], { isUnderLoad: false }))).toEqual(['medium uneven-memory: GPU 1']);
});

test('issue 4 of the guide: busy, and slow', () => {
  expect(found(server([42, 42, 42, 42], [95, 95, 96, 94], { tokensPerS: 15 }))).toEqual(['high busy-but-slow: the server']);
  expect(found(server([42, 42, 42, 42], [89, 89, 89, 89], { tokensPerS: 15 }))).toEqual(['high slow-server: the server']);
});

test('a GPU that is 15 points behind the others is told, one that is 14 behind is not', () => {
  expect(found(server([42, 42, 42, 42], [88, 73, 88, 88]))).toEqual(['medium uneven-activity: GPU 1']);
  expect(found(server([42, 42, 42, 42], [88, 74, 88, 88]))).toEqual([]);
});
