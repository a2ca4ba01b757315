import { describe, expect, test } from 'vitest';
import { detectors } from '#diagnosis/causes/index.gen';
import { laneContext } from '#diagnosis/causes/lane-context';
import { laneOf } from '#diagnosis/lanes/lane';
import { sampleTimeline } from '#diagnosis/telemetry/samples';
import { waitGraph } from '#diagnosis/waits/wait-graph';
import { hostCalls, type LaneOp, laneOps } from '#test/lane-sample';
import { longerWork } from './longer-work.ts';
import type { JudgedWindow } from './rank-lane.ts';

const [FROM, TO] = [0, 1000];
const NO_SAMPLES = sampleTimeline([], []);

/** A rank that computed all the time, beside other work, while the clock had cost it a share of that. */
function windowOf({
  beside = [],
  clocked = 0,
  count = 10,
}: {
  beside?: readonly LaneOp[];
  clocked?: number;
  count?: number;
}): JudgedWindow {
  const ops = laneOps([{ start: FROM, end: TO }, ...beside]);
  const host = hostCalls([]);
  const lane = laneOf(ops, 0, 0, new Float64Array(0));
  const samples = { ...NO_SAMPLES, throttleReason: () => 'software power cap' };
  const losses = { ops, host, lane, waits: waitGraph(host), driver: undefined, codeFollows: () => false, clockShare: () => clocked };
  const rank = { losses, context: laneContext({ ops, host }, lane, samples) };
  return { losses: [], busy: TO - FROM, count, from: FROM, to: TO, rank, byCause: new Map() };
}
const causeOf = (own: JudgedWindow, excess = 500, peers = [windowOf({})]) => longerWork(own, peers, excess, detectors).cause;
const neighbour = (length: number): LaneOp => ({ start: 100, end: 100 + length, pid: 2 });

describe('a rank whose GPU worked longer than its peers’', () => {
  test('shared it: from the share on that makes a slow kernel of a serving lane one', () => {
    expect(causeOf(windowOf({ beside: [neighbour(200)] }))).toBe('gpu-contention');
    expect(causeOf(windowOf({ beside: [neighbour(199)] }))).toBe('unexplained');
  });
  test('says with what, as for any lane', () => {
    expect(longerWork(windowOf({ beside: [neighbour(500)] }), [], 500, detectors).how).toBe(', beside a kernel on another process');
  });
  test('had its clock lowered, when that accounts for half of it, also beside others', () => {
    expect(causeOf(windowOf({ clocked: 0.25 }))).toBe('clock-throttle');
    expect(causeOf(windowOf({ clocked: 0.24 }))).toBe('unexplained');
    expect(causeOf(windowOf({ clocked: 0.25, beside: [neighbour(500)] }))).toBe('clock-throttle');
    expect(causeOf(windowOf({ clocked: 0.24, beside: [neighbour(500)] }))).toBe('gpu-contention');
  });
  test('had more to do, when nothing else slowed it', () => {
    expect(causeOf(windowOf({ count: 12 }))).toBe('stage-imbalance');
    expect(causeOf(windowOf({ count: 11 }))).toBe('unexplained');
    expect(causeOf(windowOf({ count: 12, beside: [neighbour(500)] }))).toBe('gpu-contention');
  });
});
