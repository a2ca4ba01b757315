import { itemAt } from '#core/columns';
import { ForensicsError } from '#core/errors';
import { coverage, NO_SPANS, type Spans } from '#core/math/spans';
import type { Ms, Ns } from '#core/units';
import type { Lane } from '#diagnosis/lanes/lane';
import type { PreemptionCount } from '#diagnosis/telemetry/preemptions';
import { byKind, type FileOf, gpuRows, hostRows, mergeGpu, mergeHost, type SeriesFile } from '#input/series/on-trace-clock';
import type { GpuCard } from '#schema/gpu-card';
import type { Clock, GpuSampleRow, HostSampleRow, RequestRow, TimedSeries } from '#schema/relation';
import { gpuNumber } from '#trace/events/gpu-label';
import type { GpuOps } from '#trace/events/gpu-ops';
import { deviceBusy } from '#trace/events/trace-facts';
import { placeByTokens } from './auto-align.ts';
import { type ClockOptions, checkEnds, checkPower, type Placement, place } from './clock.ts';
import { type GpuNumbers, matchedCards, matchGpus, type TraceGpus } from './match-gpus.ts';
import type { ClockMethod, ClockNote } from './notes.ts';
import { ownGpus } from './own-gpus.ts';
import { preemptionCounts } from './preemption-counts.ts';

/** The files around a trace, on its clock. `t` counts from the start of the session. */
export interface Aligned {
  readonly hasRequests: boolean;
  readonly rows: readonly RequestRow[];
  /** ns to add to a request's time (ms * 1e6). */
  readonly offset: Ns;
  readonly uncertainty_ms: Ms | null;
  /** How the load test was laid over the trace. */
  readonly method: ClockMethod;
  /** Walked anew each time: see gpuRows. */
  readonly gpu: Iterable<GpuSampleRow & { readonly t: Ns }>;
  /** What is known of the GPUs that were sampled, by the numbers of the trace. */
  readonly gpuCards: ReadonlyMap<number, GpuCard>;
  /** By how much the clock of GPU samples ran back at worst. */
  readonly gpuRanBack_ms: Ms;
  readonly host: readonly (HostSampleRow & { readonly t: Ns })[];
  /** Counts of requests that the serving engine preempted. */
  readonly preemptions: readonly PreemptionCount[];
  /** The GPU samples name no time zone: what was assumed must be checked. */
  readonly zonelessGpu: boolean;
  readonly notes: readonly ClockNote[];
}

/**
 * Lays every file over the trace.
 * @param stepEnds asked for the ends of steps in the trace when a load test is to be placed by them
 * @param gpus of the trace, whose samples are looked for in the files
 * @throws ForensicsError clock-mismatch
 */
export function align(
  files: readonly SeriesFile[],
  session: bigint | undefined,
  window: readonly [Ns, Ns],
  options: ClockOptions,
  stepEnds: () => Float64Array,
  gpus: TraceGpus | 'own-names',
): Aligned {
  const { requests, gpu, host } = byKind(files);
  const notes: ClockNote[] = [];
  const placed = (file: (SeriesFile & { readonly series: TimedSeries }) | undefined): Placement | undefined => {
    if (file === undefined) return undefined;
    if (session === undefined)
      throw new ForensicsError(
        'clock-mismatch',
        `the trace does not say when it began, so ${file.path} cannot be laid over it`,
        'Export with a newer nsys, or analyze the trace alone.',
      );
    const p =
      options.alignAuto && file.series.kind === 'requests' && file.series.clock.kind !== 'epoch'
        ? placeByTokens(file.series, file.path, stepEnds())
        : place(file.series, file.path, session, window, options);
    const { warnings, limits } = file.series;
    notes.push(...p.notes, ...[...warnings, ...limits].map(text => ({ kind: 'file' as const, file: file.path, text })));
    return p;
  };
  /** Rows of each file that can be placed; of several, those that cannot are left out, and that is said. */
  const rowsOf = <F extends FileOf<'gpu'> | FileOf<'host'>, Row>(several: readonly F[], read: (file: F, offset: Ns) => Row): Row[] =>
    several.flatMap(file => {
      try {
        const p = placed(file);
        return p === undefined ? [] : [read(file, p.offset)];
      } catch (error) {
        if (several.length < 2 || !(error instanceof ForensicsError)) throw error;
        notes.push({ kind: 'left out', file: file.path, why: error.message });
        return [];
      }
    });
  const { cards, numbersOf } = namesOf(gpu, gpus);
  notes.push(...gpu.flatMap(file => unmatchedIn(file, numbersOf(file))));
  const forRequests = placed(requests);
  return {
    hasRequests: requests !== undefined,
    rows: requests?.series.rows ?? [],
    offset: forRequests?.offset ?? 0,
    uncertainty_ms: forRequests?.uncertainty_ms ?? null,
    method: methodOf(requests?.series.clock.kind, options),
    gpu: mergeGpu(rowsOf(gpu, (file, at) => gpuRows(file.series, at, numbersOf(file)))),
    gpuCards: cards,
    gpuRanBack_ms: Math.max(0, ...gpu.map(({ series }) => series.ranBack_ms)),
    host: mergeHost(rowsOf(host, (file, at) => hostRows(file.series, at))),
    preemptions: session === undefined ? [] : preemptionCounts(files, session),
    zonelessGpu: gpu.some(file => file.series.clock.kind === 'zoneless'),
    notes,
  };
}

/** How many GPUs of a file could not be found in the trace, where any could not. */
function unmatchedIn({ path, series }: FileOf<'gpu'>, numbers: GpuNumbers): ClockNote[] {
  const missing = series.cards.size - numbers.size;
  return missing > 0 ? [{ kind: 'gpus unmatched', file: path, missing, of: series.cards.size }] : [];
}

/** What the GPUs of the files are called, and what is known of them. */
function namesOf(files: readonly FileOf<'gpu'>[], gpus: Parameters<typeof align>[5]) {
  if (gpus !== 'own-names') {
    const numbersOf = ({ series }: FileOf<'gpu'>) => matchGpus(series.cards, gpus);
    const told = files.map(file => ({ cards: file.series.cards, numbers: numbersOf(file) }));
    return { cards: matchedCards(told, gpus), numbersOf };
  }
  const { cards, numbers } = ownGpus(files.map(f => f.series.cards));
  return { cards, numbersOf: (file: FileOf<'gpu'>) => itemAt(numbers, files.indexOf(file)) };
}

/** How the load test came to its place. */
function methodOf(clock: Clock['kind'] | undefined, options: ClockOptions): ClockMethod {
  if (clock === undefined) return 'no-load-test';
  if (clock === 'epoch') return 'epoch';
  if (options.alignAuto) return 'tokens';
  if (clock === 'zoneless') return 'zoneless';
  return clock === 'monotonic' && options.pairs.length > 0 ? 'pairs' : 'told';
}

/** What a GPU drew, or for want of that how busy it was. */
function* powerOf(rows: Aligned['gpu'], gpu: number): Generator<{ readonly t: Ns; readonly value: number | null }, void> {
  for (const row of rows) if (row.gpu === gpu) yield { t: row.t, value: row.power_w ?? row.utilization_pct };
}

/**
 * Whether the GPU samples lie where they belong: `confirmed` where their stamps name a zone, the user named it, no other zone would make them overlap the trace, or power follows the kernels;
 * `doubtful` where power is not higher while kernels run; `unchecked` where a zone was assumed and nothing shows whether it is right.
 */
export type GpuClock = 'confirmed' | 'doubtful' | 'unchecked';

/** Checks the assumed zone of GPU samples on every GPU of the trace. */
export function gpuClockOf(aligned: Aligned, ops: GpuOps, window: readonly [Ns, Ns]): GpuClock {
  if (!aligned.zonelessGpu || aligned.notes.some(n => n.kind === 'zone' && n.chosen === 'as-given')) return 'confirmed';
  const seen = ops.devices.flatMap((label, device) => {
    const power = checkPower(powerOf(aligned.gpu, gpuNumber(label)), coverage(deviceBusy(ops, device)), window);
    return power === undefined ? [] : [power.busy_w > power.idle_w];
  });
  if (seen.includes(false)) return 'doubtful';
  // Samples of this run alone overlap it by one zone alone.
  const isOnly = aligned.notes.every(n => n.kind !== 'zone' || n.others === 0);
  return seen.length > 0 || isOnly ? 'confirmed' : 'unchecked';
}

/** The same where no trace was taken: power must be higher while requests were in flight. Some GPUs may have served none of them. */
export function gpuClockByDemand(aligned: Aligned, inFlight: Spans | undefined, window: readonly [Ns, Ns]): GpuClock {
  if (!aligned.zonelessGpu || aligned.notes.some(n => n.kind === 'zone' && n.chosen === 'as-given')) return 'confirmed';
  const busy = coverage(inFlight ?? NO_SPANS);
  const seen = [...aligned.gpuCards.keys()].flatMap(gpu => {
    const power = checkPower(powerOf(aligned.gpu, gpu), busy, window);
    return power === undefined ? [] : [power.busy_w > power.idle_w];
  });
  if (seen.length > 0) return seen.includes(true) ? 'confirmed' : 'doubtful';
  return aligned.notes.every(n => n.kind !== 'zone' || n.others === 0) ? 'confirmed' : 'unchecked';
}

/** Checks the clocks against the data: power must follow the kernels, and requests must end when a result has come back. */
export function clockChecks(
  aligned: Aligned,
  ops: GpuOps,
  lane: Lane | undefined,
  laneGpu: number,
  window: readonly [Ns, Ns],
): ClockNote[] {
  if (lane === undefined) return [];
  const notes: ClockNote[] = [];
  if (aligned.zonelessGpu) {
    const power = checkPower(powerOf(aligned.gpu, laneGpu), coverage(deviceBusy(ops, lane.device)), window);
    notes.push({ kind: 'power', power });
  }
  const ends = aligned.rows.flatMap(r => (r.status === 'ok' && r.finish_ms !== null ? [r.finish_ms * 1e6 + aligned.offset] : []));
  const lag = checkEnds(
    ends.filter(t => t > window[0] && t < window[1]),
    lane.stepEnds,
  );
  if (lag !== undefined) notes.push({ kind: 'ends', ...lag });
  return notes;
}
