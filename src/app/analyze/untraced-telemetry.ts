import { extent, rollups } from 'd3-array';
import type { Ns } from '#core/units';
import type { Aligned } from '#diagnosis/clock/aligned';
import { type SampleTimeline, sampleTimeline } from '#diagnosis/telemetry/samples';
import { pickRows } from '#input/series/on-trace-clock';

const both = (spans: readonly (readonly [Ns, Ns])[]): readonly [Ns, Ns] => [
  Math.max(...spans.map(([from]) => from)),
  Math.min(...spans.map(([, to]) => to)),
];

/** The time that each kind of telemetry saw, as far as there is any of it. */
function seenBy({ gpu, host }: Aligned): readonly (readonly [Ns, Ns])[] {
  const kinds = [extent(gpu, r => r.t), extent(host, r => r.t)];
  return kinds.flatMap(([from, to]) => (from === undefined || !(to > from) ? [] : [[from, to] as const]));
}

/** The time that all telemetry saw; undefined where it has none in common. */
export function observedBy(aligned: Aligned): readonly [Ns, Ns] | undefined {
  const seen = seenBy(aligned);
  const [from, to] = both(seen);
  return seen.length > 0 && to > from ? [from, to] : undefined;
}

/** From the first arrival to the last end; without requests the time that all telemetry saw. */
export function ownWindow(aligned: Aligned, otherwise: readonly [Ns, Ns]): readonly [Ns, Ns] {
  if (!aligned.hasRequests) return observedBy(aligned) ?? otherwise;
  const [first = otherwise[0]] = extent(aligned.rows, r => r.arrival_ms * 1e6 + aligned.offset);
  const [, last = otherwise[1]] = extent(aligned.rows, r => (r.finish_ms ?? r.arrival_ms) * 1e6 + aligned.offset);
  return [first, Math.max(first, last)];
}

/** Rows of the GPU that was busiest, by its utilisation, else by its power: what an association is looked for with. */
export function busiestGpu({ gpu }: Aligned): Aligned['gpu'] {
  const means = rollups(
    gpu,
    rows => rows.reduce((sum, r) => sum + (r.utilization_pct ?? r.power_w ?? 0), 0) / rows.length,
    r => r.gpu,
  );
  const [busiest] = means.toSorted(([, a], [, b]) => b - a);
  return busiest === undefined ? [] : pickRows(gpu, r => r.gpu === busiest[0]);
}

/** Telemetry as questions about a stretch of time. */
export const telemetryOf = ({ host, preemptions }: Aligned, gpu: Aligned['gpu']): SampleTimeline => sampleTimeline(gpu, host, preemptions);
