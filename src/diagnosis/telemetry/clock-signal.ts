import { realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { type Spans, spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { GpuSampleRow } from '#schema/relation';
import { isHeldDown, type SampleTimeline, sampleTimeline } from './samples.ts';
import { type Signal, stretches } from './signal.ts';

type Timed<Row> = Row & { readonly t: Ns };

interface OneGpu {
  readonly gpu: number;
  readonly spans: Spans;
  readonly timeline: SampleTimeline;
}

/** The clocks of all GPUs: ranks of one model wait for the slowest. */
export function clockSignal(rows: Iterable<Timed<GpuSampleRow>>): Signal | undefined {
  const byGpu = new Map<number, Timed<GpuSampleRow>[]>();
  for (const row of rows) getOrCompute(byGpu, row.gpu, () => []).push(row);
  const gpus = [...byGpu].flatMap(([gpu, mine]) => clockOf(gpu, mine) ?? []);
  if (gpus.length === 0) return undefined;
  const lossOf = ({ timeline }: OneGpu, from: Ns, to: Ns) => timeline.clockLoss(from, to) ?? 0;
  const slowest = (from: Ns, to: Ns) => gpus.reduce((worst, g) => (lossOf(g, from, to) > lossOf(worst, from, to) ? g : worst));
  return {
    cause: 'clock-throttle',
    spans: spansOf(gpus.flatMap(g => Array.from(g.spans.start, (start, i) => [start, realAt(g.spans.end, i)] as const))),
    most: (from, to) => lossOf(slowest(from, to), from, to),
    followsWork: (from, to) => slowest(from, to).timeline.isPowerCapped(from, to),
    subject: (from, to) => {
      const worst = slowest(from, to);
      const reason = worst.timeline.throttleReason(from, to);
      return `the SM clock of GPU ${worst.gpu} was down by up to ${Math.round(100 * lossOf(worst, from, to))} %: ${reason}`;
    },
  };
}

/** When the clock of a GPU that worked was below its usual one, and a reason was given, where reasons are recorded. */
function clockOf(gpu: number, rows: readonly Timed<GpuSampleRow>[]): OneGpu | undefined {
  const timeline = sampleTimeline(rows, []);
  if (!timeline.hasGpu) return undefined;
  const hasReasons = rows.some(r => r.event_reasons !== null);
  const isDown = (from: Ns, to: Ns, i: number) =>
    (!hasReasons || isHeldDown(rows[i + 1]?.event_reasons ?? 0)) && (timeline.clockLoss(from, to) ?? 0) > 0;
  const t = rows.map(r => r.t);
  return { gpu, spans: stretches(t.slice(1), t, isDown), timeline };
}
