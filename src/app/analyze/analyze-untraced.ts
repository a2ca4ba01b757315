import { align, gpuClockByDemand } from '#diagnosis/clock/aligned';
import { ownTime } from '#diagnosis/clock/own-time';
import { diagnoseUntraced } from '#diagnosis/diagnose-untraced';
import { inFlight } from '#diagnosis/requests/requests';
import { diskStates } from '#diagnosis/telemetry/disk-waits';
import { readWaits } from '#diagnosis/waits/wait-graph';
import { buildReport } from '#report/build/report';
import { untracedDetectors } from '#report/build/untraced/detectors';
import type { Report } from '#schema/report';
import type { AnalysisInput } from './analysis-input.ts';
import { completenessOfNone, emptyTrace } from './empty-trace.ts';
import { judgedMachine } from './machine.ts';
import { whatMoved, whatWasDrawn } from './moved-and-drawn.ts';
import { lookTogether } from './several-devices.ts';
import { busiestGpu, observedBy, ownWindow, telemetryOf } from './untraced-telemetry.ts';

/** What there is to analyze where no trace was taken. */
export interface UntracedAnalysis
  extends Pick<AnalysisInput, 'files' | 'clock' | 'system' | 'machine' | 'prices' | 'version' | 'detectors' | 'progress'> {
  /** What the run is called. */
  readonly run: string;
}

/** Turns a load test and telemetry, of which two kinds at the least, into a report: what a trace would have shown is said to be open. */
export function analyzeUntraced(given: UntracedAnalysis): Report {
  const { files, clock, progress, run } = given;
  const trace = emptyTrace();
  progress('laying the files beside one another');
  const { session, window: place } = ownTime(files, clock);
  const placed = align(files, session, place, { ...clock, over: 'other-files' }, () => new Float64Array(0), 'own-names');
  const window = ownWindow(placed, place);
  const demand = placed.hasRequests ? inFlight(placed.rows, placed.offset, window[1]) : undefined;
  const gpuClock = gpuClockByDemand(placed, demand, window);
  // Samples that lie elsewhere in time would accuse a clock of what it did at another hour.
  const aligned = gpuClock === 'doubtful' ? { ...placed, gpu: [] } : placed;

  progress('finding what held requests up');
  const requests = aligned.hasRequests ? { rows: aligned.rows, offset: aligned.offset } : undefined;
  const { diagnosis, untraced } = diagnoseUntraced({ ...aligned, window, requests, observed: observedBy(aligned) });
  const gpu = busiestGpu(aligned);
  const detectors = untracedDetectors(given.detectors);

  progress('summing up');
  return buildReport({
    ...{ version: given.version, trace: undefined, untraced: { ...untraced, run }, files, recording: undefined, detectors },
    ...{ source: trace.source, ops: trace.ops, session, traceRows: 0, window, aligned, clockNotes: [], lanes: [] },
    ...{ isPipeline: false, training: undefined, diagnosis, devices: [], holds: [], gpuClock, othersLack: [] },
    machine: judgedMachine({ files, machine: given.machine, session, window, aligned, demand, devices: [], environment: {} }),
    samples: telemetryOf(aligned, gpu),
    parallel: lookTogether(
      { ...given, detectors, store: trace.source, trace: { path: run, bytes: 0 } },
      trace,
      [],
      aligned,
      readWaits(trace),
    ),
    completeness: completenessOfNone(trace, window),
    associations: whatMoved(diagnosis, { gpu }, aligned, window, diskStates(aligned.host)),
    energy: whatWasDrawn(given, { session, devices: [] }, window, placed, gpuClock),
  });
}
