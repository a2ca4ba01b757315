import { type Diagnosis, diagnose } from '#diagnosis/diagnose';
import { readWaits, type WaitGraph } from '#diagnosis/waits/wait-graph';
import { recordedSettings } from '#multi-gpu/collectives/settings';
import type { Facts } from '#report/build/facts';
import { buildReport } from '#report/build/report';
import type { Report } from '#schema/report';
import { type OpenedTrace, readTrace } from '#trace/opened-trace';
import type { AnalysisInput } from './analysis-input.ts';
import { limitsOf } from './limits.ts';
import { judgedMachine } from './machine.ts';
import { whatMoved, whatWasDrawn } from './moved-and-drawn.ts';
import { type Placed, placeFiles } from './place-files.ts';
import { type Serving, samplesOfGpu, serving } from './serving.ts';
import { lookTogether, takeSteps } from './several-devices.ts';
import { sumUpDevices } from './sum-up-devices.ts';

type Window = Facts['window'];
type Aligned = Facts['aligned'];

/** Turns a trace and the files around it into a report. */
export function analyze(given: AnalysisInput): Report {
  const { progress } = given;
  const read = readTrace(given.store, progress);

  progress('looking for what the trace lacks');
  const others = (given.others ?? []).map(({ name, store }) => ({ name, ...readTrace(store) }));
  const limits = limitsOf(read, others, given.detectors);
  const { window, completeness, isWhole } = limits;
  const trace = limits.areCallsSure ? read : { ...read, host: { ...read.host, hasOsCalls: false } };
  const { aligned, given: placed, gpuClock, holds } = placeFiles(given, trace, window);
  const input = { ...given, detectors: limits.askable(aligned.hasRequests) };

  progress('looking at the devices together');
  const waits = readWaits(trace);
  const together = { ...given, detectors: limits.askableOfAll(aligned.hasRequests) };
  const parallel = lookTogether(together, trace, others, aligned, waits);

  progress('looking for the steps of a training');
  const training = aligned.hasRequests ? undefined : takeSteps(together, trace, others, aligned, parallel, waits);

  progress('looking for who serves requests');
  const isPipeline = parallel.pipeline !== null && !aligned.hasRequests;
  const served = serving(trace, window, aligned, isPipeline || training?.found !== undefined);

  progress('finding what held requests up');
  const delays = findDelays(input, trace, window, aligned, served, parallel, waits, holds);
  // Of a training the steps are the units of work: their slow stretches are the incidents.
  const diagnosis = training?.found === undefined ? delays : { ...delays, incidents: training.stretches };

  progress('summing up devices');
  const devices = sumUpDevices(trace, waits, window, diagnosis.demand, isWhole);

  progress('gathering evidence');
  return buildReport({
    ...{ version: input.version, trace: input.trace, files: input.files, recording: input.recording, detectors: given.detectors },
    ...{ source: trace.source, ops: trace.ops, session: trace.clock.session, traceRows: trace.ops.n + trace.host.api.n },
    ...{ window, aligned, ...served, isPipeline, training, diagnosis, parallel, devices, completeness, holds, gpuClock },
    machine: judgedMachine({
      ...{ files: given.files, machine: given.machine, session: trace.clock.session, window, aligned },
      ...{ demand: diagnosis.demand, devices: trace.ops.devices, environment: recordedSettings(trace.source) },
    }),
    othersLack: limits.others.map((o, k) => ({ ...o, name: others[k]?.name ?? '', pidOf: trace.source.pidOf })),
    associations: whatMoved(diagnosis, served, aligned, window),
    energy: whatWasDrawn(input, { session: trace.clock.session, devices: trace.ops.devices }, window, placed, gpuClock),
  });
}

function findDelays(
  { detectors }: AnalysisInput,
  { ops, host }: OpenedTrace,
  window: Window,
  aligned: Aligned,
  { lanes }: Serving,
  { lateWaits }: Facts['parallel'],
  waits: WaitGraph,
  holds: Placed['holds'],
): Diagnosis {
  const { hasRequests, rows, offset, uncertainty_ms } = aligned;
  const requests = hasRequests ? { rows, offset, stampErrorNs: (uncertainty_ms ?? 0) * 1e6 } : undefined;
  const heldByProfiler = new Set(holds.flatMap(h => [...h.ids]));
  return diagnose({ ops, host, lanes, window, requests, samplesOf: samplesOfGpu(aligned), waits, detectors, lateWaits, heldByProfiler });
}
