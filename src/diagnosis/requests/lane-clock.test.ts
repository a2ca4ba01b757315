import { describe, expect, test } from 'vitest';
import { incidentOf, MS } from '#test/attribution-sample';
import { clockSeen, clockWithout } from './lane-clock.ts';

const clocks = (incidents: Parameters<typeof clockSeen>[0], removed: string, slowedToo?: number) => {
  const [seen, without] = [clockSeen(incidents), clockWithout(incidents, c => c === removed, slowedToo)];
  const inMs = (f: (t: number) => number) => (t: number) => f(t * MS) / MS;
  return { seen: inMs(seen.at), without: inMs(without.at), seenWhen: inMs(seen.when), withoutWhen: inMs(without.when) };
};

describe("the lane's clock", () => {
  test('runs as time does where nothing was held up', () => {
    const { seen, without, seenWhen } = clocks([], 'paging');
    expect([seen(7), without(7), seenWhen(7)]).toEqual([7, 7, 7]);
  });
  test('goes on by what a step would have taken, spread over the step, and lags from then on', () => {
    const { seen, seenWhen } = clocks([incidentOf(100, 200, { paging: 80 })], 'paging');
    expect([seen(50), seen(100), seen(150), seen(200), seen(250)]).toEqual([50, 100, 110, 120, 170]);
    expect([seenWhen(110), seenWhen(120), seenWhen(170)]).toEqual([150, 200, 250]);
  });
  test('stands still where a step was nothing but excess, and tells the first moment of what it then shows', () => {
    const { seen, seenWhen } = clocks([incidentOf(100, 150, { paging: 60 })], 'paging');
    expect([seen(100), seen(125), seen(150), seen(151)]).toEqual([100, 100, 100, 101]);
    expect(seenWhen(100)).toBe(100);
  });
  test('without all of the causes runs as time does', () => {
    const { without } = clocks([incidentOf(100, 200, { paging: 80 })], 'paging');
    expect([without(150), without(300)]).toEqual([150, 300]);
  });
  test('keeps what other causes did at its place, and no longer than they did it', () => {
    const { seen, without } = clocks([incidentOf(100, 200, { paging: 50, 'storage-io': 30 })], 'paging');
    expect([seen(200), seen(300)]).toEqual([120, 220]);
    // Of the step's 100 ms, 50 are cut out: 20 ms of work in the other 50, and then at full speed.
    expect([without(125), without(150), without(200)]).toEqual([110, 120, 170]);
  });
  test('lets a lasting cause slow as much of the time won as it is told to', () => {
    const incident = [incidentOf(100, 200, { paging: 60, 'gpu-contention': 20 })];
    expect(clocks(incident, 'paging', 0).without(200)).toBe(180);
    expect(clocks(incident, 'paging', 1).without(200)).toBe(150);
    expect(clocks(incident, 'paging', 0.5).without(200)).toBe(165);
  });
  test('takes the ordinary work of others for work', () => {
    expect(clocks([incidentOf(100, 200, { queueing: 80 })], 'queueing').seen(200)).toBe(200);
  });
  test('never runs backwards where stretches overlap', () => {
    const { seen } = clocks(
      [incidentOf(0, 100, { paging: 50 }), incidentOf(50, 150, { paging: 50 }), incidentOf(60, 90, { paging: 30 })],
      'paging',
    );
    expect([seen(100), seen(150), seen(160)]).toEqual([50, 75, 85]);
  });
});
