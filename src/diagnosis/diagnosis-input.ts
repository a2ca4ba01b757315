import type { Ns } from '#core/units';
import type { Detector } from '#diagnosis/causes/define';
import type { Lane } from '#diagnosis/lanes/lane';
import type { LateWait } from '#diagnosis/lanes/late-wait';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { WaitGraph } from '#diagnosis/waits/wait-graph';
import type { RequestRow } from '#schema/relation';
import type { OpenedTrace } from '#trace/opened-trace';

/** All that a diagnosis is made from. Times in ns since the session began. */
export interface DiagnosisInput extends Pick<OpenedTrace, 'ops' | 'host'> {
  /** Lanes that serve requests, the busiest first. */
  readonly lanes: readonly Lane[];
  readonly window: readonly [Ns, Ns];
  /** undefined when no load test came with the trace. */
  readonly requests: { readonly rows: readonly RequestRow[]; readonly offset: Ns; readonly stampErrorNs: Ns } | undefined;
  /** Telemetry of a GPU, by its label. */
  readonly samplesOf: (device: string) => SampleTimeline;
  readonly detectors: readonly Detector[];
  /** Who waited for whom. */
  readonly waits: WaitGraph;
  /** Ids of requests that the profiler's own start or stop held up: nothing is judged by them. */
  readonly heldByProfiler?: ReadonlySet<string>;
  /** Collectives that spun for a late rank, by their index in ops. */
  readonly lateWaits?: ReadonlyMap<number, LateWait>;
}
