import { readFileSync } from 'node:fs';
import { analyze } from '#analysis/analyze';
import type { ClockOptions } from '#analysis/clock';
import { recordingOf } from '#capture/case-of';
import { detectors } from '#detectors/index.gen';
import type { Recording } from '#model/recording';
import { Report } from '#model/report';
import { TraceStore } from '#store/trace-store';
import { caseBeside } from './capture/case-beside.ts';
import { type Inputs, loadInputs, type NamedFiles } from './load-inputs.ts';

/** Version of this package. */
export const version = (): string =>
  String((JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: unknown }).version);

export const NO_CORRECTION: ClockOptions = { requestsOffsetMs: 0, zoneHours: undefined };

/**
 * Reads the inputs and analyzes them. `progress` is told each step.
 * @param recording how the trace was made; read from the case's own case.json where it is not given
 * @param spare told of files of the folder that cannot be read and are left out; without it they are errors
 */
export async function runAnalysis(
  path: string,
  named: NamedFiles,
  clock: ClockOptions,
  progress: (step: string) => void,
  recording?: Recording,
  spare?: (sentence: string) => void,
): Promise<Report> {
  progress('reading files');
  const own = recording === undefined ? caseBeside(path) : undefined;
  const inputs: Inputs = await loadInputs(path, named, progress, spare);
  // The hash is taken meanwhile, on another core; a trace that cannot be opened says so first.
  inputs.trace.sha256.catch(() => {});
  const store = await TraceStore.open(inputs.trace.file);
  try {
    const { path: name, bytes } = inputs.trace;
    const report = analyze({
      store,
      trace: { path: name, bytes },
      files: inputs.files,
      // The samplers of a capture write UTC; what the user says counts for more.
      clock: recording === undefined && own === undefined ? clock : { ...clock, zoneHours: clock.zoneHours ?? 0 },
      recording: recording ?? (own === undefined ? undefined : recordingOf(own, name)),
      version: version(),
      detectors,
      progress,
    });
    const sha256 = await inputs.trace.sha256;
    return Report.parse({ ...report, inputs: report.inputs.map(i => (i.kind === 'trace' ? { ...i, sha256 } : i)) });
  } finally {
    store.close();
  }
}
