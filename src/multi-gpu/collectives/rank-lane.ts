import type { Ns } from '#core/units';
import type { LostBy } from '#diagnosis/causes/attribute-losses';
import type { DetectorContext } from '#diagnosis/causes/define';
import { laneContext } from '#diagnosis/causes/lane-context';
import { clockShareOf } from '#diagnosis/lanes/clock-effect';
import type { LossContext } from '#diagnosis/lanes/gap-losses';
import { laneOf } from '#diagnosis/lanes/lane';
import { sampleTimeline } from '#diagnosis/telemetry/samples';
import type { CollectiveStream, Rank } from '#multi-gpu/ranks/ranks';
import type { CollectiveSource } from '#multi-gpu/ranks/source';
import type { CauseOrRest } from '#schema/causes';
import type { PreCollectiveWindow } from './pre-collective-window.ts';

/** A rank's lane, cut into steps by its collectives, and what the detectors may know about it. */
export interface RankLane {
  readonly losses: LossContext;
  readonly context: DetectorContext;
}

/** A rank's stretch before a collective, with its losses by cause. */
export interface JudgedWindow extends PreCollectiveWindow {
  readonly from: Ns;
  readonly to: Ns;
  readonly rank: RankLane;
  readonly byCause: ReadonlyMap<CauseOrRest, LostBy>;
}

const NO_SAMPLES = sampleTimeline([], []);

/** The lane of a rank. @param streams of its collectives, on its source's clock */
export function rankLane(source: CollectiveSource, rank: Rank, streams: readonly CollectiveStream[]): RankLane {
  const { ops, host } = source;
  const lane = laneOf(ops, rank.process, rank.device, endsOf(streams));
  const samples = source.samples?.(rank.deviceLabel) ?? NO_SAMPLES;
  return {
    losses: { ops, host, lane, clockShare: clockShareOf(ops, lane, samples.clockLoss) },
    context: laneContext(source, lane, samples),
  };
}

/** Ends of the operations of several streams, ascending. */
function endsOf(streams: readonly CollectiveStream[]): Float64Array {
  const out = new Float64Array(streams.reduce((n, c) => n + c.n, 0));
  let at = 0;
  for (const c of streams) {
    out.set(c.end, at);
    at += c.n;
  }
  return out.sort();
}
