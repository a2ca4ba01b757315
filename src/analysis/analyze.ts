import { max, min } from 'd3-array';
import { withoutCauses } from '#attribution/counterfactual';
import type { Detector, Input } from '#detectors/define';
import { coverage, intersect, measure, type Spans, union } from '#intervals/spans';
import type { Cause } from '#model/causes';
import { ForensicsError } from '#model/errors';
import type { Incident, Latency, Report } from '#model/report';
import type { TraceStore } from '#store/trace-store';
import { readDependencies } from '#timeline/dependencies';
import { deviceBins, summariseDevices } from '#timeline/device-summary';
import { type GpuOps, OP, readGpuOps } from '#timeline/gpu-ops';
import { type HostCalls, readHostCalls } from '#timeline/host-calls';
import { findLane, type Lane } from '#timeline/lane';
import { sampleTimeline } from '#timeline/samples';
import { capabilitiesOf } from './capabilities.ts';
import { gpuPoints, hostPoints, requestPoints } from './chart-data.ts';
import { type ClockOptions, checkEnds, checkPower, type Placement, place } from './clock.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import { gatherEvidence } from './evidence.ts';
import { findingsOf, hostBoundOf } from './findings.ts';
import { latencies, tokenTimes } from './latencies.ts';
import { booksOf, rankCauses } from './ranked-causes.ts';
import { byKind, gpuRows, hostRows, type SeriesFile } from './series.ts';
import { verdictsOf } from './verdicts.ts';
import { answerOf, storyOf } from './words.ts';

export interface AnalysisInput {
  readonly store: TraceStore;
  readonly trace: { readonly path: string; readonly sha256: string; readonly bytes: number };
  readonly files: readonly SeriesFile[];
  readonly clock: ClockOptions;
  readonly version: string;
  readonly detectors: readonly Detector[];
  /** Told what is being done, for a progress line. */
  readonly progress: (step: string) => void;
}

/** Bins of the device strip. */
const BINS = 240;

/** Epoch ns at which the session began, or undefined when the export does not say. */
function sessionStart(store: TraceStore): bigint | undefined {
  if (store.missing('session') !== undefined) return undefined;
  const row = store.scan('session', ['epoch_s', 'epoch_ns']);
  return BigInt(row.epoch_s[0] ?? 0) * 1_000_000_000n + BigInt(row.epoch_ns[0] ?? 0);
}

/** First and last recorded moment, ns since the session began. What came before the first is not in the trace. */
function windowOf(ops: GpuOps, host: HostCalls): readonly [number, number] {
  const from = Math.min(ops.start[0] ?? Number.POSITIVE_INFINITY, min(host.api.start) ?? Number.POSITIVE_INFINITY);
  const to = Math.max(max(ops.end) ?? Number.NEGATIVE_INFINITY, max(host.api.end) ?? Number.NEGATIVE_INFINITY);
  return Number.isFinite(from) && Number.isFinite(to) ? [Math.max(0, from), to] : [0, 0];
}

/** Turns a trace and the files around it into a report. */
export function analyze(input: AnalysisInput): Report {
  const { store, detectors, progress } = input;
  progress('reading GPU work');
  const ops = readGpuOps(store);
  progress('reading host calls');
  const host = readHostCalls(store);
  const window = windowOf(ops, host);
  const [from, to] = window;
  const session = sessionStart(store);
  const { requests, gpu, host: hostFile } = byKind(input.files);

  const notes: string[] = [];
  const placed = (file: SeriesFile | undefined): Placement | undefined => {
    if (file === undefined) return undefined;
    if (session === undefined) {
      throw new ForensicsError(
        'clock-mismatch',
        `the trace does not say when it began, so ${file.path} cannot be laid over it`,
        'Export with a newer nsys, or analyze the trace alone.',
      );
    }
    const p = place(file.series, file.path, session, window, input.clock);
    notes.push(...p.notes, ...file.series.warnings.map(w => `${file.path}: ${w}`), ...file.series.limits.map(l => `${file.path}: ${l}`));
    return p;
  };
  const requestPlace = placed(requests);
  const gpuPlace = placed(gpu);
  const hostPlace = placed(hostFile);
  const rows = requests?.series.rows ?? [];
  const offset = requestPlace?.offset ?? 0;

  progress('looking for the lane that serves requests');
  const tokens = Float64Array.from(tokenTimes(rows), t => t * 1e6 + offset);
  const lane = findLane(ops, from, to, tokens);
  const gpuTimed = gpu === undefined || gpuPlace === undefined ? [] : gpuRows(gpu.series, gpuPlace.offset);
  const hostTimed = hostFile === undefined || hostPlace === undefined ? [] : hostRows(hostFile.series, hostPlace.offset);
  const laneGpu = Number(/\d+$/.exec(ops.devices[lane?.device ?? 0] ?? '')?.[0] ?? 0);
  const samples = sampleTimeline(
    gpuTimed.filter(g => g.gpu === laneGpu),
    hostTimed,
  );
  if (lane !== undefined && gpuTimed.length > 0 && gpu?.series.clock.kind === 'zoneless')
    notes.push(
      checkPower(
        gpuTimed.filter(g => g.gpu === laneGpu).map(g => ({ t: g.t, value: g.power_w ?? g.utilization_pct })),
        coverage(deviceBusy(ops, lane.device)),
        window,
      ),
    );
  const ends =
    lane === undefined
      ? undefined
      : checkEnds(
          rows
            .filter(r => r.status === 'ok' && r.finish_ms !== null)
            .map(r => (r.finish_ms ?? 0) * 1e6 + offset)
            .filter(t => t > from && t < to),
          lane.beats,
        );
  if (ends !== undefined)
    notes.push(
      `Requests end ${ends.median_ms.toFixed(2)} ms (median; spread ${ends.spread_ms.toFixed(2)} ms) after a result came back in the trace: a clock error would widen that spread to half a step.`,
    );

  progress('finding what held requests up');
  const describe = (op: number) =>
    ops.kind[op] === OP.kernel || ops.kind[op] === OP.communication
      ? (ops.names.get(ops.nameId[op] ?? -1) ?? 'a kernel')
      : ops.kind[op] === OP.copy
        ? 'a copy'
        : ops.kind[op] === OP.graph
          ? 'a CUDA graph'
          : 'a fill';
  const d = diagnose({
    ops,
    host,
    lane,
    window,
    requests: requests === undefined ? undefined : { rows, offset },
    samples,
    detectors,
    describe,
  });

  progress('summing up devices');
  const devices = summariseDevices({
    ops,
    host,
    dependencies: readDependencies(store, ops, host),
    inFlight: d.demand,
    from,
    to,
    names: deviceNames(store, ops),
  });

  progress('gathering evidence');
  const ids = d.incidents.map((_, k) => `I${k + 1}`);
  const evidence = gatherEvidence(store, d.incidents, ops.n + host.api.n);
  const books = booksOf(d.books);
  const causes = rankCauses(d.books, books, d.incidents, ids, evidence.ofCause);
  const unexplainedPart = books.parts.find(p => p.cause === 'unexplained') ?? { excess_ms: 0, share: 0 };
  const unexplained = { excess_ms: unexplainedPart.excess_ms, share: unexplainedPart.share };
  const incidents = incidentRows(d, ids, session, from, evidence.ofIncident);

  const judgedRows = d.books.map(b => b.request.row);
  const latency = latencies(requests === undefined ? [] : judgedRows);
  const e2e = latency.find(l => l.metric === 'e2e');
  const finished = rows.filter(r => r.status === 'ok' && r.finish_ms !== null);
  const hostBound = hostBoundOf(d.pieces);
  const missing = (need: Input): string | undefined => {
    if (need === 'requests') return requests === undefined ? 'no load test came with the trace' : undefined;
    if (need === 'gpu samples') return samples.hasGpu ? undefined : 'no GPU samples (clocks, power) came with the trace';
    if (need === 'host samples') return samples.hasHost ? undefined : 'no host samples (/proc counters) came with the trace';
    return store.missing(need);
  };
  const named = new Set<Cause>([
    ...causes.map(c => c.cause),
    ...(hostBound === undefined ? [] : [hostBound.cause]),
    ...(requests === undefined
      ? d.incidents.flatMap(i => i.causes.slice(0, 1).flatMap(c => (c.cause === 'unexplained' ? [] : [c.cause])))
      : []),
  ]);
  const verdicts = verdictsOf(detectors, missing, named);
  const capabilities = [
    ...capabilitiesOf(store),
    ...(['requests', 'gpu samples', 'host samples'] as const).map(what => ({
      what,
      available: missing(what) === undefined,
      why: missing(what) ?? 'came with the trace',
    })),
  ];
  const cannot = cannotTell(d, lane, e2e, finished.length, verdicts, requests !== undefined, ops.n);

  return {
    schema: 'forensics.report/1',
    tool: { name: 'forensics', version: input.version },
    answer: answerOf({
      e2e,
      slow: d.books.filter(b => b.slow).length,
      books,
      unexplained,
      causes,
      incidents: d.incidents,
      busyShare: lane === undefined ? undefined : busyShare(ops, lane, d.demand),
      hostBound: hostBound?.sentence,
      withoutAll:
        causes.length === 0
          ? undefined
          : withoutCauses(
              d.books,
              causes.map(c => c.cause),
            ),
      wholeTest: finished.length > d.books.length ? latencies(finished).find(l => l.metric === 'e2e') : undefined,
      cannot:
        ops.n === 0
          ? 'The trace holds no GPU work, so nothing can be said about the GPU.'
          : requests !== undefined && lane === undefined
            ? 'No results come back to the host often enough in this trace to follow the serving steps, so causes cannot be told.'
            : undefined,
    }),
    inputs: [
      { path: input.trace.path, kind: 'trace', format: 'nsys-sqlite', sha256: input.trace.sha256, bytes: input.trace.bytes },
      ...input.files.map(f => ({ path: f.path, kind: f.series.kind, format: f.series.format, sha256: f.sha256, bytes: f.bytes })),
    ],
    capabilities,
    clock: {
      method:
        requests === undefined
          ? 'times count from the start of the trace session'
          : 'epoch stamps of the load test against the epoch start of the trace session, same host',
      uncertainty_ms: requestPlace?.uncertainty_ms ?? null,
      notes,
    },
    window: {
      start_ns: String((session ?? 0n) + BigInt(Math.round(from))),
      end_ns: String((session ?? 0n) + BigInt(Math.round(to))),
      epoch_known: session !== undefined,
    },
    requests:
      requests === undefined
        ? null
        : {
            total: rows.length,
            finished: finished.length,
            judged: d.books.length,
            slow: d.books.filter(b => b.slow).length,
            slow_threshold_ms: d.judgement?.limit ?? 0,
            expected: {
              method:
                "robust regression (least absolute deviations, then Tukey's bisquare) of time in service on the request's own work, after taking out the incidents; plus the usual wait",
              coefficients: (d.judgement?.fit.terms ?? []).map(t => ({ ...t })),
              noise_ms: d.judgement?.fit.sigma ?? 0,
            },
          },
    latency,
    latency_inside: latencies(d.books.filter(b => b.byIncident.size > 0).map(b => b.request.row)),
    latency_outside: latencies(d.books.filter(b => b.byIncident.size === 0).map(b => b.request.row)),
    devices,
    incidents,
    causes,
    books,
    unexplained,
    detectors: verdicts,
    cannot_tell: cannot,
    pipeline: null,
    collectives: null,
    energy: null,
    findings: findingsOf(causes, e2e, hostBound),
    charts: {
      requests: requestPoints(rows, offset, from, d.books),
      device_bins: deviceBins(ops, from, to, BINS).map(b => ({ ...b, t_ms: b.t_ms })),
      gpu: gpuPoints(gpuTimed, from, to),
      host: hostPoints(hostTimed, from, to),
    },
  };
}

/** When any operation of any process ran on the device. */
const deviceBusy = (ops: GpuOps, device: number): Spans => union(ops.start, ops.end, i => ops.device[i] === device);

/** Share of the time with requests in flight in which the lane's GPU ran anything. */
function busyShare(ops: GpuOps, lane: Lane, demand: Spans | undefined): number | undefined {
  if (demand === undefined) return undefined;
  const inTrace = intersect(demand, { n: 1, start: Float64Array.of(ops.start[0] ?? 0), end: Float64Array.of(max(ops.end) ?? 0) });
  const total = measure(inTrace);
  return total > 0 ? measure(intersect(inTrace, deviceBusy(ops, lane.device))) / total : undefined;
}

/** Product names by device label. */
function deviceNames(store: TraceStore, ops: GpuOps): ReadonlyMap<string, string> {
  if (store.missing('gpu') !== undefined) return new Map();
  const answer = store.ask('gpu_list');
  return new Map(
    answer.ok
      ? answer.rows.flatMap(g =>
          g.name === null || !ops.devices.includes(`GPU ${g.gpu_id}`) ? [] : [[`GPU ${g.gpu_id}`, g.name] as const],
        )
      : [],
  );
}

/** Incidents as the report shows them. */
function incidentRows(
  d: Diagnosis,
  ids: readonly string[],
  session: bigint | undefined,
  from: number,
  evidence: (k: number) => Incident['evidence'],
): Incident[] {
  return d.incidents.map((incident, k) => {
    const touched = d.books.filter(b => b.byIncident.has(k));
    const perCause = new Map<string, number>();
    for (const b of touched)
      if (b.slow) for (const [cause, ms] of b.byIncident.get(k) ?? []) perCause.set(cause, (perCause.get(cause) ?? 0) + ms);
    const excess_ms = d.judgement === undefined ? incident.excess / 1e6 : [...perCause.values()].reduce((a, b) => a + b, 0);
    const laneTotal = incident.causes.reduce((s, c) => s + c.excess, 0);
    const start_ms = (incident.start - from) / 1e6;
    const epoch = (t: number) => String((session ?? 0n) + BigInt(Math.round(t)));
    return {
      id: ids[k] ?? '',
      start_ns: epoch(incident.start),
      end_ns: epoch(incident.end),
      start_ms,
      end_ms: (incident.end - from) / 1e6,
      held_up_ms: incident.excess / 1e6,
      requests: touched.length,
      excess_ms,
      causes: incident.causes.map(c => ({
        cause: c.cause,
        excess_ms: d.judgement === undefined ? c.excess / 1e6 : (perCause.get(c.cause) ?? 0),
        share: laneTotal > 0 ? c.excess / laneTotal : 0,
        subject: c.subject,
      })),
      story: storyOf(incident, start_ms, touched.length, excess_ms),
      evidence: evidence(k),
    };
  });
}

/** What this data cannot tell, in sentences. */
function cannotTell(
  d: Diagnosis,
  lane: Lane | undefined,
  e2e: Latency | undefined,
  finished: number,
  verdicts: Report['detectors'],
  hasRequests: boolean,
  ops: number,
): string[] {
  const out: string[] = [];
  if (ops === 0) out.push('The trace holds no GPU work.');
  if (!hasRequests) out.push('Which requests were slow: no load test came with the trace, so idle time may simply be lack of demand.');
  else if (finished > d.books.length)
    out.push(`What happened to ${finished - d.books.length} requests that ran, wholly or partly, outside the trace.`);
  if (lane === undefined && ops > 0)
    out.push('Where a step of work ends: no results are copied back often enough. Incidents cannot be found without steps.');
  if (lane !== undefined && lane.others > 0)
    out.push(`Which of ${lane.others + 1} processes or GPUs that return results served a request: only the busiest was followed.`);
  if (e2e !== undefined && e2e.p99_ci_ms[1] === null)
    out.push(`How high p99 may really be: ${e2e.n} requests give no upper bound (it takes about 370).`);
  out.push('What the profiler itself cost: that takes an unprofiled control run.');
  for (const v of verdicts) if (v.verdict === 'cannot-tell') out.push(`Whether there was ${v.cause}: ${v.reason}.`);
  return out;
}
