import { NO_SPANS } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { GpuSampleRow, HostSampleRow } from '#schema/relation';
import { clockSignal } from './clock-signal.ts';
import { diskSignal, pagingSignal } from './host-signals.ts';
import { type PreemptionCount, preemptionTimeline } from './preemptions.ts';
import { never, type Signal } from './signal.ts';

type Timed<Row> = Row & { readonly t: Ns };

/** Telemetry on one clock. */
export interface Telemetry {
  readonly gpu: Iterable<Timed<GpuSampleRow>>;
  readonly host: readonly Timed<HostSampleRow>[];
  readonly preemptions: readonly PreemptionCount[];
}

/** Signals of the causes that telemetry can show, those alone of which the run has enough readings. */
export function signalsOf({ gpu, host, preemptions }: Telemetry): readonly Signal[] {
  const paging = pagingSignal(host);
  return [paging, diskSignal(host, paging?.spans ?? NO_SPANS), preemptionSignal(preemptions), clockSignal(gpu)].flatMap(s => s ?? []);
}

function preemptionSignal(counts: readonly PreemptionCount[]): Signal | undefined {
  const timeline = preemptionTimeline(counts);
  if (!timeline.known) return undefined;
  return {
    cause: 'kv-preemption',
    spans: timeline.rose,
    most: () => 1,
    followsWork: never,
    subject: () => 'the engine counted preempted requests',
  };
}
