import { randomLcg } from 'd3-random';
import { expect, test } from 'vitest';
import { incidentOf, requestRow } from '#test/attribution-sample';
import { delaysOf } from '#test/delay-sample';
import { blocksOf, clustersOf } from './clusters.ts';

test('requests that one incident delayed, or that waited behind it, are one cluster; the others stand alone', () => {
  const incidents = [incidentOf(10, 60, { paging: 50 }), incidentOf(500, 560, { paging: 50 })];
  const rows = [
    requestRow(0, 70),
    requestRow(5, 75),
    requestRow(58, 110, { scheduled_ms: 90 }),
    requestRow(300, 320),
    requestRow(490, 570),
    requestRow(900, 920),
  ];
  expect([...clustersOf(delaysOf(rows, incidents))]).toEqual([0, 0, 0, 2, 1, 3]);
});
test('a request in two incidents counts to the one that cost it more', () => {
  const incidents = [incidentOf(10, 30, { paging: 10 }), incidentOf(50, 100, { paging: 40 })];
  const [both, second] = clustersOf(delaysOf([requestRow(0, 110), requestRow(45, 120)], incidents));
  expect(both).toBe(second);
});
test('independent values stand alone; those that drift are in blocks', () => {
  const drifting = Array.from({ length: 200 }, (_, i) => Math.sin(i / 15));
  expect(new Set(blocksOf(drifting)).size).toBeLessThan(60);
  expect(new Set(blocksOf(Array.from({ length: 200 }, randomLcg(3)))).size).toBeGreaterThan(60);
  expect(blocksOf([]).length).toBe(0);
});
