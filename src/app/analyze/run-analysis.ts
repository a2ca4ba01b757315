import { basename, resolve } from 'node:path';
import { caseBeside } from '#app/inputs/case-beside';
import { type Inputs, loadInputs, type NamedFiles } from '#app/inputs/load-inputs';
import { type Scratch, withScratch } from '#app/inputs/scratch';
import { version } from '#app/version';
import { detectors } from '#diagnosis/causes/index.gen';
import type { ClockOptions } from '#diagnosis/clock/clock';
import type { Report } from '#schema/report';
import { TraceStore } from '#trace/nsys/trace-store';
import { analyze } from './analyze.ts';
import type { Extras } from './extras.ts';
import { inCase, recordingIn } from './in-case.ts';
import { isUntraced, runUntraced } from './run-untraced.ts';
import { hashMeanwhile, tellOfNewer } from './trace-inputs.ts';
import { withHashes } from './with-hashes.ts';

export const NO_CORRECTION: ClockOptions = { requestsOffsetMs: undefined, zoneHours: undefined, alignAuto: false, pairs: [] };

/**
 * Reads the inputs and analyzes them. `progress` is told each step.
 * @param path a trace, or a folder; undefined for a load test and telemetry that are named, and lie beside no trace
 */
export const runAnalysis = (
  path: string | undefined,
  named: NamedFiles,
  clock: ClockOptions,
  progress: (step: string) => void,
  extras: Extras = {},
): Promise<Report> =>
  withScratch({ env: extras.env ?? process.env, progress }, scratch =>
    path === undefined || isUntraced(path, named)
      ? runUntraced(path, named, clock, progress, extras, scratch)
      : analyzeFiles(path, named, clock, progress, extras, scratch),
  );

async function analyzeFiles(
  path: string,
  named: NamedFiles,
  clock: ClockOptions,
  progress: (step: string) => void,
  { recording, spare, others = [], nvtx, prices, stated, withTrace }: Extras,
  scratch: Scratch,
): Promise<Report> {
  progress('reading files');
  const own = recording === undefined ? caseBeside(path) : undefined;
  const inputs: Inputs = await loadInputs(path, named, { scratch, warn: progress, spare });
  const stop = new AbortController();
  const stores: TraceStore[] = [];
  const open = async (file: string) => {
    const store = await TraceStore.open(file);
    stores.push(store);
    tellOfNewer(store, progress);
    return store;
  };
  try {
    const { path: name, bytes } = inputs.trace;
    const store = await open(inputs.trace.content);
    // What is no trace is refused by its first page, not after gigabytes: only then is the hash taken, on another core, meanwhile.
    const hash = hashMeanwhile(inputs.trace.file, stop.signal);
    const ranks: { name: string; file: string; store: TraceStore }[] = [];
    for (const file of others) ranks.push({ name: basename(file), file, store: await open(await scratch.trace(file)) });
    const report = analyze({
      store,
      // A folder is called after its run, a file after itself.
      trace: { path: name, bytes, run: basename(resolve(path)) },
      files: inputs.files,
      // The samplers of a capture write UTC; what the user says counts for more.
      clock: recording === undefined && own === undefined ? clock : inCase(clock, own),
      recording: recording ?? recordingIn(own, name),
      system: inputs.system,
      machine: inputs.machine,
      others: ranks,
      nvtx,
      prices,
      stated,
      version: version(),
      detectors,
      progress,
    });
    const whole = await withHashes(report, hash, ranks);
    withTrace?.(whole, store);
    return whole;
  } finally {
    stop.abort();
    for (const store of stores) store.close();
  }
}
