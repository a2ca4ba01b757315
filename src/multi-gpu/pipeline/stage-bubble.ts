import { max, mean, min } from 'd3-array';
import { valueAt } from '#core/columns';
import { coverage, measure, type Spans, spansOf, subtract, within } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { Schedule } from '#schema/pipeline';
import type { DeviceWork } from './devices.ts';
import type { BubbleExplanation } from './excess.ts';
import type { MeasuredIteration } from './measured-task.ts';
import { byRank, peakInFlight } from './phases.ts';
import { shareOf } from './schedules/textbook.ts';

const NS_PER_MS = 1e6;

/** Copy time of a device that its own compute hides, over its copy time. */
function hiddenShare(copies: readonly (readonly [Ns, Ns])[], compute: Spans): Share | null {
  const covered = coverage(compute);
  const total = copies.reduce((n, [a, b]) => n + b - a, 0);
  return total === 0 ? null : copies.reduce((n, [a, b]) => n + covered(a, b), 0) / total;
}

/** The bubble of one rank's device over iterations of one schedule. */
export function stageBubble(
  rank: number,
  iterations: readonly MeasuredIteration[],
  explanations: readonly (BubbleExplanation | undefined)[],
  devices: ReadonlyMap<string, DeviceWork>,
): Schedule['bubble'][number] {
  const rows = iterations.map((m, i) => {
    const device = devices.get(m.iteration.devices[rank] ?? '');
    const length = m.end - m.start;
    const compute = valueAt(m.compute, rank);
    const work = within(device?.compute ?? spansOf([]), m.start, m.end);
    const exposedCommunication = measure(subtract(within(device?.communication ?? spansOf([]), m.start, m.end), work));
    const simulated = explanations[i]?.simulated ?? length;
    const overhead = explanations[i]?.overhead;
    return {
      share: 1 - compute / length,
      overhead: compute === 0 ? 0 : (length - compute) / compute,
      theory: overhead === undefined ? null : shareOf(overhead),
      simulated: Math.max(0, 1 - compute / simulated),
      idle: length - compute - exposedCommunication,
      exposedCommunication,
      compute,
      peak: peakInFlight(byRank(m.iteration)[rank] ?? [], m.iteration.v),
      copies: m.handoffs.filter(h => h.producer.rank === rank).flatMap(h => h.transfers.map(t => t.sent)),
      device,
    };
  });
  const first = rows[0];
  return {
    stage: rank,
    device: first?.device?.label ?? '',
    measured_share: mean(rows, r => r.share) ?? 0,
    measured_share_range: [min(rows, r => r.share) ?? 0, max(rows, r => r.share) ?? 0],
    measured_overhead: mean(rows, r => r.overhead) ?? 0,
    theory_share: first === undefined || first.theory === null ? null : (mean(rows, r => r.theory ?? 0) ?? null),
    simulated_share: mean(rows, r => r.simulated) ?? 0,
    idle_ms: (mean(rows, r => r.idle) ?? 0) / NS_PER_MS,
    exposed_communication_ms: (mean(rows, r => r.exposedCommunication) ?? 0) / NS_PER_MS,
    copies_hidden_share: hiddenShare(
      rows.flatMap(r => r.copies),
      first?.device?.compute ?? spansOf([]),
    ),
    peak_microbatches: max(rows, r => r.peak) ?? 0,
    compute_ms: (mean(rows, r => r.compute) ?? 0) / NS_PER_MS,
  };
}
