import { spansOf } from '#core/math/spans';
import { align } from '#diagnosis/clock/aligned';
import { type Diagnosis, diagnose } from '#diagnosis/diagnose';
import { associations } from '#diagnosis/telemetry/associations';
import { energyOf } from '#energy/of-trace';
import { type Parallel, parallelWork } from '#multi-gpu/parallel';
import type { Facts } from '#report/build/facts';
import { buildReport } from '#report/build/report';
import type { Report } from '#schema/report';
import { summariseDevices } from '#trace/devices/device-summary';
import { readDependencies } from '#trace/events/dependencies';
import { describeOp, deviceNames } from '#trace/events/trace-facts';
import type { AnalysisInput } from './analysis-input.ts';
import { type ReadTrace, readTrace, tracedWindow } from './read-trace.ts';
import { type ServingLane, servingLane, stepEndsOf } from './serving-lane.ts';

type Window = Facts['window'];
type Aligned = Facts['aligned'];

/** Turns a trace and the files around it into a report. */
export function analyze(input: AnalysisInput): Report {
  const { progress } = input;
  const trace = readTrace(input.trace.path, input.store, progress);
  const window = tracedWindow(trace);
  const aligned = align(input.files, trace.session, window, input.clock, () => stepEndsOf(trace, window));

  progress('looking at the devices together');
  const parallel = lookTogether(input, trace, window);

  progress('looking for the lane that serves requests');
  const isPipeline = parallel.pipeline !== null && !aligned.hasRequests;
  const serving = servingLane(trace, window, aligned, isPipeline);

  progress('finding what held requests up');
  const diagnosis = findDelays(input, trace, window, aligned, serving, parallel);

  progress('summing up devices');
  const devices = sumUpDevices(trace, window, diagnosis);

  progress('gathering evidence');
  return buildReport({
    ...{ version: input.version, trace: input.trace, files: input.files, recording: input.recording, detectors: input.detectors },
    ...{ store: trace.store, ops: trace.ops, session: trace.session, traceRows: trace.ops.n + trace.host.api.n },
    ...{ window, aligned, ...serving, isPipeline, diagnosis, parallel, devices },
    associations: whatMoved(diagnosis, serving, aligned, window),
    energy: whatWasDrawn(input, trace, window, aligned),
  });
}

function lookTogether(input: AnalysisInput, trace: ReadTrace, [from]: Window): Parallel {
  const others = (input.others ?? []).map(({ name, store }) => readTrace(name, store));
  const { detectors, nvtx, system } = input;
  return parallelWork([trace, ...others], { detectors, from, nvtx, links: system, environment: system?.environment });
}

function findDelays(
  { detectors }: AnalysisInput,
  { ops, host }: ReadTrace,
  window: Window,
  { hasRequests, rows, offset }: Aligned,
  { lane, samples }: ServingLane,
  { lateWaits, lateness }: Parallel,
): Diagnosis {
  const requests = hasRequests ? { rows, offset } : undefined;
  const describe = (op: number) => describeOp(ops, op);
  return diagnose({ ops, host, lane, window, requests, samples, detectors, describe, lateWaits, lateness });
}

function sumUpDevices({ store, ops, host }: ReadTrace, [from, to]: Window, { demand }: Diagnosis) {
  const dependencies = readDependencies(store, ops, host);
  return summariseDevices({ ops, host, dependencies, inFlight: demand, from, to, names: deviceNames(store, ops) });
}

const whatMoved = ({ incidents }: Diagnosis, { gpu }: ServingLane, { host }: Aligned, window: Window) =>
  associations(spansOf(incidents.map(i => [i.start, i.end] as const)), gpu, host, window);

const whatWasDrawn = ({ files, clock, prices = {} }: AnalysisInput, { session, ops }: ReadTrace, window: Window, aligned: Aligned) =>
  energyOf({
    ...{ gpu: aligned.gpu, rows: aligned.rows, offset: aligned.offset },
    ...{ files, window, session, devices: ops.devices, zoneHours: clock.zoneHours, prices },
  });
