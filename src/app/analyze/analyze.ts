import { spansOf } from '#core/math/spans';
import type { Input } from '#diagnosis/causes/define';
import { align, clockChecks } from '#diagnosis/clock/aligned';
import { diagnose } from '#diagnosis/diagnose';
import { busyShare } from '#diagnosis/lanes/busy-share';
import { findServingLane } from '#diagnosis/lanes/serving-lane';
import { withoutCauses } from '#diagnosis/requests/counterfactual';
import { endToEnd, latencies, latenciesOverTime, tokenTimes } from '#diagnosis/requests/latencies';
import { associations } from '#diagnosis/telemetry/associations';
import { sampleTimeline } from '#diagnosis/telemetry/samples';
import { energyOf } from '#energy/of-trace';
import { pickRows } from '#input/series/on-trace-clock';
import { parallelWork } from '#multi-gpu/parallel';
import { blindness, cannotTell } from '#report/build/cannot-tell';
import { capabilitiesOf } from '#report/build/capabilities';
import { gpuPoints, hostPoints, requestPoints } from '#report/build/chart-data';
import { clientFindings, contradictions, intendedLatencies, lowerBoundSentence } from '#report/build/client-side';
import { gatherEvidence } from '#report/build/evidence';
import { findingsOf, hostBoundOf } from '#report/build/findings';
import { incidentRows } from '#report/build/incident-rows';
import { booksOf, rankCauses, toldBy } from '#report/build/ranked-causes';
import { requestSummary } from '#report/build/request-summary';
import { verdictsOf } from '#report/build/verdicts';
import { answerOf } from '#report/build/wording';
import type { Cause } from '#schema/causes';
import type { Report } from '#schema/report';
import { deviceBins, summariseDevices } from '#trace/devices/device-summary';
import { readDependencies } from '#trace/events/dependencies';
import { deviceNames, windowOf } from '#trace/events/trace-facts';
import { readTrace } from '#trace/opened-trace';
import type { AnalysisInput } from './analysis-input.ts';

/** Number of a GPU in the telemetry, by its label. */
const gpuNumber = (device: string) => Number(/\d+$/.exec(device)?.[0] ?? 0);

/** Bins of the device strip. */
const BINS = 240;

/** Turns a trace and the files around it into a report. */
export function analyze(input: AnalysisInput): Report {
  const { store, detectors, progress } = input;
  const trace = readTrace(store, progress);
  const { ops, host } = trace;
  const window = windowOf(ops, host);
  const [from, to] = window;
  const { session } = trace.clock;
  const stepEnds = () => findServingLane(ops, new Float64Array(0))?.stepEnds ?? new Float64Array(0);
  const aligned = align(input.files, session, window, input.clock, stepEnds);
  const { rows, offset, hasRequests } = aligned;

  progress('looking at the devices together');
  const samplesOf = (device: string) =>
    sampleTimeline(
      pickRows(aligned.gpu, g => g.gpu === gpuNumber(device)),
      aligned.host,
    );
  const together = [
    { name: input.trace.path, ...trace, samples: samplesOf },
    ...(input.others ?? []).map(o => ({ name: o.name, ...readTrace(o.store) })),
  ];
  const parallel = parallelWork(together, {
    detectors,
    from,
    nvtx: input.nvtx,
    links: input.system,
    environment: input.system?.environment,
  });

  progress('looking for the lane that serves requests');
  const tokens = Float64Array.from(tokenTimes(rows, [(from - offset) / 1e6, (to - offset) / 1e6]), t => t * 1e6 + offset);
  // A pipeline's time is accounted for by its schedules: its stages wait for one another, which in a server would be a fault.
  const isPipeline = parallel.pipeline !== null && !hasRequests;
  const lane = isPipeline ? undefined : findServingLane(ops, tokens);
  const laneGpu = gpuNumber(ops.devices[lane?.device ?? 0] ?? '');
  const laneSamples = pickRows(aligned.gpu, g => g.gpu === laneGpu);
  const samples = sampleTimeline(laneSamples, aligned.host);
  const notes = [...aligned.notes, ...clockChecks(aligned, ops, lane, laneGpu, window)];

  progress('finding what held requests up');
  const d = diagnose({
    ops,
    host,
    lane,
    window,
    requests: hasRequests ? { rows, offset } : undefined,
    samples,
    detectors,
    lateWaits: parallel.lateWaits,
    lateness: parallel.lateness,
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
  const moved = associations(spansOf(d.incidents.map(i => [i.start, i.end] as const)), laneSamples, aligned.host, window);
  const energy = energyOf({
    gpu: aligned.gpu,
    files: input.files,
    rows,
    offset,
    window,
    session,
    devices: ops.devices,
    zoneHours: input.clock.zoneHours,
    prices: input.prices ?? {},
  });
  const evidence = gatherEvidence(store, d.incidents, ops.n + host.api.n);
  const books = booksOf(d.delays);
  const causes = rankCauses(d.delays, d.selection?.limit ?? 0, books, d.incidents, ids, evidence.ofCause);
  const names = causes.map(c => c.cause);
  const withoutAll = names.length === 0 ? undefined : withoutCauses(d.delays, names);
  const unexplainedPart = books.parts.find(p => p.cause === 'unexplained') ?? { excess_ms: 0, share: 0 };
  const unexplained = { excess_ms: unexplainedPart.excess_ms, share: unexplainedPart.share };
  const incidents = incidentRows(d, ids, session, from, evidence.ofIncident);

  const judgedRows = d.delays.map(b => b.request.row);
  const latency = latenciesOverTime(judgedRows);
  const e2e = latency.find(l => l.metric === 'e2e');
  const finished = rows.filter(r => r.status === 'ok' && r.finish_ms !== null);
  const hostBound = hostBoundOf(d.steps);
  const missing = (need: Input): string | undefined => {
    if (need === 'requests') return hasRequests ? undefined : 'no load test came with the trace';
    if (need === 'gpu samples') return samples.hasGpu ? undefined : 'no GPU samples (clocks, power) came with the trace';
    if (need === 'host samples') return samples.hasHost ? undefined : 'no host samples (/proc counters) came with the trace';
    if (need === 'ranks')
      return parallel.collectives === null && store.missing('collective') === undefined
        ? 'of its collectives one rank alone was recorded'
        : undefined;
    if (need === 'steps')
      return lane === undefined ? 'the trace does not show whether the device worked or stood still meanwhile' : undefined;
    return store.missing(need);
  };
  const named = new Set<Cause>([
    ...causes.map(c => c.cause),
    ...(hostBound === undefined ? [] : [hostBound.cause]),
    ...(!hasRequests ? d.incidents.flatMap(i => i.causes.slice(0, 1).flatMap(c => (c.cause === 'unexplained' ? [] : [c.cause]))) : []),
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
  const cannot = cannotTell(d, isPipeline ? 'none needed' : lane, e2e, finished.length, verdicts, hasRequests, ops.n);

  return {
    schema: 'forensics.report/1',
    tool: { name: 'forensics', version: input.version },
    answer: answerOf({
      e2e,
      parallel: [parallel.pipeline?.answer ?? [], parallel.collectives?.answer ?? []].flat(),
      requests: hasRequests ? rows.length : 0,
      slow: d.delays.filter(b => b.slow).length,
      books,
      unexplained,
      causes,
      incidents: d.incidents,
      busyShare: lane === undefined ? undefined : busyShare(ops, lane, d.demand),
      hostBound: hostBound?.sentence,
      withoutAll,
      wholeTest: finished.length > d.delays.length ? endToEnd(finished) : undefined,
      cannot: blindness(ops.n, hasRequests, lane),
    }),
    inputs: [
      { path: input.trace.path, kind: 'trace', format: 'nsys-sqlite', sha256: '', bytes: input.trace.bytes },
      ...input.files.map(f => ({ path: f.path, kind: f.series.kind, format: f.series.format, sha256: f.sha256, bytes: f.bytes })),
    ],
    capabilities,
    clock: {
      method: aligned.method,
      uncertainty_ms: aligned.uncertainty_ms,
      notes,
    },
    recording: input.recording ?? null,
    window: {
      start_ns: String((session ?? 0n) + BigInt(Math.round(from))),
      end_ns: String((session ?? 0n) + BigInt(Math.round(to))),
      epoch_known: session !== undefined,
    },
    requests: hasRequests ? requestSummary(rows.length, finished.length, d) : null,
    latency,
    latency_intended: intendedLatencies(judgedRows),
    latency_inside: latencies(d.delays.filter(b => b.byIncident.size > 0).map(b => b.request.row)),
    latency_outside: latencies(d.delays.filter(b => b.byIncident.size === 0).map(b => b.request.row)),
    devices,
    incidents,
    causes: [...causes, ...parallel.causes.filter(c => !toldBy(causes, c)).map((c, k) => ({ ...c, rank: causes.length + k + 1 }))],
    books,
    unexplained,
    detectors: verdicts,
    cannot_tell: [
      ...cannot,
      ...contradictions(d.contradicted, from),
      ...[lowerBoundSentence(rows) ?? []].flat(),
      ...(parallel.pipeline?.cannot_tell ?? []),
      ...(parallel.collectives?.cannot_tell ?? []),
    ],
    pipeline: parallel.pipeline,
    collectives: parallel.collectives,
    energy,
    findings: [...findingsOf(causes, e2e, withoutAll, hostBound), ...clientFindings(rows, d.pauses), ...moved, ...parallel.findings],
    charts: {
      requests: requestPoints(rows, offset, from, d.delays),
      device_bins: deviceBins(ops, from, to, BINS),
      gpu: gpuPoints(aligned.gpu, from, to),
      host: hostPoints(aligned.host, from, to),
    },
  };
}
