import type { WaitGraph } from '#diagnosis/waits/wait-graph';
import { type Parallel, parallelWork } from '#multi-gpu/parallel';
import { analyzeTraining } from '#multi-gpu/training/analyze-training';
import type { TrainingFacts } from '#multi-gpu/training/facts';
import type { Facts } from '#report/build/facts';
import type { OpenedTrace } from '#trace/opened-trace';
import type { AnalysisInput } from './analysis-input.ts';
import { samplesOfGpu } from './serving.ts';

type Aligned = Facts['aligned'];

/** Looks at the devices of all traces as one machine. */
export function lookTogether(
  input: AnalysisInput,
  trace: OpenedTrace,
  others: readonly (OpenedTrace & { readonly name: string })[],
  aligned: Aligned,
  waits: WaitGraph,
): Parallel {
  // Telemetry came with the first trace: it says nothing about the GPUs of the others.
  const first = { name: input.trace.path, ...trace, samples: samplesOfGpu(aligned), waits };
  const { detectors, nvtx, system } = input;
  return parallelWork([first, ...others], {
    detectors,
    // All times count from the begin of the session.
    from: 0,
    nvtx,
    links: system,
    environment: system?.environment,
    isServer: aligned.hasRequests,
  });
}

/** Takes the steps of a training apart, where there is one. */
export function takeSteps(
  { detectors, stated = {} }: AnalysisInput,
  trace: OpenedTrace,
  others: readonly (OpenedTrace & { readonly name: string })[],
  aligned: Aligned,
  { lateWaitsOf, offsets, pipeline }: Parallel,
  waits: WaitGraph,
): TrainingFacts | undefined {
  const first = { name: '', ...trace, samples: samplesOfGpu(aligned), waits };
  return analyzeTraining([first, ...others], { detectors, stated, lateWaits: lateWaitsOf, offsets, schedules: pipeline?.schedules ?? [] });
}
