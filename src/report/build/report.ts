import { mean } from 'd3-array';
import { itemAt } from '#core/columns';
import type { Ns } from '#core/units';
import { concerning } from '#diagnosis/causes/forbidden';
import { busyShare } from '#diagnosis/lanes/busy-share';
import { endToEnd, latencies } from '#diagnosis/requests/latencies';
import { visibleCauses } from '#diagnosis/steps/visible';
import { CAUSES, type Cause } from '#schema/causes';
import type { ChartData, Report } from '#schema/report';
import { isComputeMissing } from '#trace/completeness/completeness';
import { deviceBins } from '#trace/devices/device-summary';
import { associationFindings } from './associations.ts';
import { blindness, cannotTell } from './cannot-tell.ts';
import { capabilitiesOf } from './capabilities.ts';
import { gpuPoints, hostPoints, requestPoints } from './chart-data.ts';
import { chronicCauses, chronicFindings } from './chronic-findings.ts';
import { chronicLosses } from './chronic-losses.ts';
import { clientFindings, contradictions, intendedLatencies, lowerBoundSentence } from './client-side.ts';
import { clockMethod, clockSentences } from './clock-notes.ts';
import { type GraphsTogether, hiddenCollectives, incompleteness } from './completeness.ts';
import { wordEnergy } from './energy.ts';
import type { Facts } from './facts.ts';
import { findingsOf, type HostBound, hostBoundOf } from './findings.ts';
import { grounded } from './grounded.ts';
import { ANSWER_NEEDS, groundsOf, isGrounded, mayName, needsOfFinding, statementsOf } from './grounds.ts';
import { type Judged, judge } from './judged.ts';
import { laneBooks } from './lane-books.ts';
import { filesBeside, type Missing, missingInputs } from './missing-inputs.ts';
import { lateRankFindings, lateVerdict } from './parallel/late-ranks.ts';
import { type Together, wordTogether } from './parallel/together.ts';
import { profilerFindings } from './profiler-findings.ts';
import { toldBy } from './ranked-causes.ts';
import { requestSummary } from './request-summary.ts';
import { type LaneWords, stepRows } from './step-rows.ts';
import { summaryOf } from './summary/summary.ts';
import { type ToldTraining, tellTraining } from './training/told.ts';
import { verdictsOf } from './verdicts.ts';
import { answerOf } from './wording.ts';

/** Bins of the device strip. */
const BINS = 240;

/** The report of an analysis: its facts in the order and the words that a reader wants them in. */
export function buildReport(given: Facts): Report {
  const missing = missingInputs(given);
  const facts = grounded(given, missing);
  const { aligned, diagnosis, window } = facts;
  const judged = judge(facts);
  const all = wordTogether(facts.parallel);
  const together = { ...all, causes: all.causes.filter(c => mayName(missing, c.cause)) };
  const training = tellTraining(facts, judged.evidenceOf, cause => mayName(missing, cause));
  const bound = hostBoundOf(diagnosis.lanes, aligned.hasRequests);
  const hostBound = bound !== undefined && isGrounded(missing, needsOfFinding({ id: 'host-bound' })) ? bound : undefined;
  const detectors = verdictsOf(concerning(facts.detectors, aligned.hasRequests), {
    missing,
    named: namedCauses(facts, judged, together, hostBound, missing),
    visible: training.visible ?? visibleCauses(diagnosis.lanes.flatMap(l => l.steps ?? [])),
    waitLimitMs: diagnosis.selection?.waitLimitMs,
    comparedRanks: facts.isPipeline || facts.training?.found !== undefined || facts.parallel.collectives !== null,
  });
  const { delays } = diagnosis;
  const findings = [...training.findings, ...findingsIn(facts, judged, together, hostBound)].filter(f =>
    isGrounded(missing, needsOfFinding(f)),
  );
  const causes = causesOf(judged, training, together);
  const report: Omit<Report, 'summary' | 'statements'> = {
    schema: 'forensics.report/1',
    tool: { name: 'forensics', version: facts.version },
    answer: answer(facts, judged, together, hostBound, training, missing),
    inputs: inputsOf(facts),
    capabilities: [...capabilitiesOf(facts.source), ...filesBeside(missing)],
    clock: {
      method: clockMethod(aligned.method),
      uncertainty_ms: aligned.uncertainty_ms,
      notes: clockSentences([...aligned.notes, ...facts.clockNotes]),
    },
    recording: facts.recording ?? null,
    window: windowOf(facts),
    requests: aligned.hasRequests ? requestSummary(aligned.rows.length, judged.finished.length, diagnosis) : null,
    latency: judged.latency,
    latency_intended: intendedLatencies(judged.rows),
    latency_inside: latencies(delays.filter(b => b.byIncident.size > 0).map(b => b.request.row)),
    latency_outside: latencies(delays.filter(b => b.byIncident.size === 0).map(b => b.request.row)),
    devices: [...facts.devices],
    steps: stepRows(diagnosis.lanes, lanesOf(facts)),
    incidents: judged.incidents,
    causes,
    books: training.books ?? judged.books,
    unexplained: training.unexplained ?? judged.unexplained,
    detectors,
    cannot_tell: [...unknowns(facts, judged, together, detectors), ...(training.training?.cannot_tell ?? [])],
    pipeline: together.pipeline,
    collectives: together.collectives,
    energy: facts.energy && wordEnergy(facts.energy),
    training: training.training,
    findings,
    lane_books: laneBooksOf(facts, missing),
    grounds: groundsOf(missing, facts.detectors),
    charts: chartsOf(facts, window),
  };
  return {
    ...report,
    summary: summary(facts, report, judged, together, hostBound, missing),
    statements: statementsOf({ causes, findings, detectors, answer: answerNeeds(facts, missing) }),
  };
}

/** All findings, before it is asked what they rest on. */
const findingsIn = (facts: Facts, judged: Judged, together: Together, hostBound: HostBound | undefined): Report['findings'] => [
  ...findingsOf(judged.causes, judged.e2e, judged.withoutAll, hostBound),
  ...(isComputeMissing(facts.completeness) ? [] : chronicFindings(facts.diagnosis.lanes, hostBound !== undefined)),
  ...clientFindings(facts.aligned.rows, facts.diagnosis.pauses),
  ...profilerFindings(facts.holds),
  ...associationFindings(facts.associations, facts.diagnosis.incidents.length),
  ...lateRankFindings(together, lengthMs(facts)),
  ...chronicLosses(facts.diagnosis.lanes),
  ...together.findings,
];

const lengthMs = ({ window: [from, to] }: Facts) => Math.max(0, to - from) / 1e6;

/** Where the time of each lane went; nothing where its work may be missing. */
const laneBooksOf = (facts: Facts, missing: Missing): Report['lane_books'] =>
  isBusyKnown(facts) && isGrounded(missing, ANSWER_NEEDS.laneBooks)
    ? facts.diagnosis.lanes.map(l =>
        laneBooks(l, facts.window, {
          process: facts.source.pidOf(itemAt(facts.ops.processes, l.lane.process)),
          device: itemAt(facts.ops.devices, l.lane.device),
        }),
      )
    : [];

const blindOf = ({ ops, aligned, lanes }: Facts, missing: Missing): string | undefined =>
  blindness(ops.n, aligned.hasRequests, lanes.length, missing('kernel'));

/** What the first sentences of the answer rest on. */
function answerNeeds(facts: Facts, missing: Missing) {
  if (!facts.aligned.hasRequests) return facts.lanes.length > 0 && laneBooksOf(facts, missing).length > 0 ? ANSWER_NEEDS.laneBooks : [];
  return blindOf(facts, missing) === undefined ? ANSWER_NEEDS.busy : (['requests'] as const);
}

function summary(
  facts: Facts,
  report: Omit<Report, 'summary' | 'statements'>,
  { causes }: Judged,
  together: Together,
  hostBound: HostBound | undefined,
  missing: Missing,
): Report['summary'] {
  const { diagnosis, lanes, ops, source, trace } = facts;
  return summaryOf({
    ...report,
    ...{ run: trace.run ?? trace.path, delays: diagnosis.delays, lanes: report.lane_books, causes: report.causes },
    processes: [...new Set(lanes.map(l => source.pidOf(itemAt(ops.processes, l.process))))],
    together: [together.pipeline?.answer ?? [], lateVerdict(together) ?? together.collectives?.answer ?? []].flat(),
    cannotTell: report.cannot_tell,
    hostBound: hostBound?.share,
    blind: causes.length > 0 ? undefined : blindOf(facts, missing),
    isBusyKnown: isBusyKnown(facts),
    mayBeHealthy: isGrounded(missing, ANSWER_NEEDS.healthy),
  });
}

/** Causes that the report names anywhere: their detectors have found something. */
function namedCauses(
  { aligned, diagnosis, holds }: Facts,
  { causes }: Judged,
  together: Together,
  hostBound: HostBound | undefined,
  missing: Missing,
): ReadonlySet<Cause> {
  const leading = aligned.hasRequests ? [] : diagnosis.incidents.flatMap(i => i.causes.slice(0, 1));
  return new Set<Cause>([
    ...causes.map(c => c.cause),
    ...together.causes.map(c => c.cause),
    ...CAUSES.filter(c => mayName(missing, c) && together.collectives?.late.some(l => l.cause === c)),
    ...(hostBound === undefined ? [] : [hostBound.cause]),
    ...(holds.length > 0 && mayName(missing, 'profiler-artefact') ? (['profiler-artefact'] as const) : []),
    ...chronicCauses(diagnosis.lanes).filter(c => mayName(missing, c)),
    ...leading.flatMap(c => (c.cause === 'unexplained' ? [] : [c.cause])),
  ]);
}

function answer(
  facts: Facts,
  judged: Judged,
  together: Together,
  hostBound: HostBound | undefined,
  { training }: ToldTraining,
  missing: Missing,
): string {
  const { aligned, diagnosis, ops } = facts;
  return answerOf({
    e2e: judged.e2e,
    parallel: [training?.answer ?? [], together.pipeline?.answer ?? [], together.collectives?.answer ?? []].flat(),
    requests: aligned.hasRequests ? aligned.rows.length : 0,
    slow: diagnosis.delays.filter(b => b.slow).length,
    books: judged.books,
    unexplained: judged.unexplained,
    causes: judged.causes,
    incidents: diagnosis.incidents,
    busyShare: isBusyKnown(facts) ? mean(diagnosis.lanes, l => busyShare(ops, l.lane, l.demand)) : undefined,
    hostBound: hostBound?.sentence,
    withoutAll: judged.withoutAll,
    wholeTest: judged.finished.length > diagnosis.delays.length ? endToEnd(unheld(facts, judged)) : undefined,
    cannot: blindOf(facts, missing),
  });
}

/** Requests that the profiler itself did not hold up. */
function unheld({ holds }: Facts, { finished }: Judged) {
  const held = new Set(holds.flatMap(h => [...h.ids]));
  return finished.filter(r => !held.has(r.id));
}

/** Where work is missing, or the records of a lane end before those of others, a GPU looks idle that may not have been. */
const isBusyKnown = ({ completeness, ops, lanes }: Facts): boolean =>
  !isComputeMissing(completeness) && !completeness.earlyEnds.some(e => lanes.some(l => ops.processes[l.process] === e.process));

/** The trace's hash is filled in by the caller, who takes it meanwhile. */
const inputsOf = ({ trace, files }: Facts): Report['inputs'] => [
  { path: trace.path, kind: 'trace', format: 'nsys-sqlite', sha256: '', bytes: trace.bytes },
  ...files.map(f => ({ path: f.path, kind: f.series.kind, format: f.series.format, sha256: f.sha256, bytes: f.bytes })),
];

const lanesOf = ({ ops, source }: Facts): LaneWords => ({
  processOf: lane => source.pidOf(itemAt(ops.processes, lane.process)),
  deviceOf: lane => itemAt(ops.devices, lane.device),
});

function windowOf({ session, window: [from, to] }: Facts): Report['window'] {
  const epoch = (t: Ns) => String((session ?? 0n) + BigInt(Math.round(t)));
  return { start_ns: epoch(from), end_ns: epoch(to), epoch_known: session !== undefined, start_ms: from / 1e6 };
}

/** What requests were judged by comes first; what the devices show together follows, unless it was told already. */
function causesOf(judged: Judged, training: ToldTraining, together: Together): Report['causes'] {
  const causes = [...judged.causes, ...training.causes];
  const more = together.causes.filter(c => !toldBy(causes, c, training.causes.length > 0));
  return [...causes, ...more.map((c, k) => ({ ...c, rank: causes.length + k + 1 }))];
}

/** Each pair of GPUs once, from the side that returns results. */
const graphsTogether = ({ diagnosis, ops }: Facts): GraphsTogether[] =>
  diagnosis.lanes.flatMap(({ lane, graphs }) => graphs.map(g => ({ ...g, device: itemAt(ops.devices, lane.device) })));

function unknowns(facts: Facts, { e2e, finished }: Judged, together: Together, detectors: Report['detectors']): string[] {
  const { aligned, diagnosis, isPipeline, training, lanes, ops } = facts;
  return [
    ...cannotTell({
      ...{
        ops: ops.n,
        lanes: isPipeline || training?.found !== undefined ? ('none needed' as const) : lanes.length,
        hasRequests: aligned.hasRequests,
      },
      ...{
        finished: finished.length,
        judged: diagnosis.delays.length,
        unjoined: diagnosis.unjoined,
        lacks: [
          // Evidence is asked for late, and may meet damaged rows itself.
          ...incompleteness({ ...facts.completeness, damaged: facts.source.damaged() }, { pidOf: facts.source.pidOf, from: 0 }),
          ...hiddenCollectives(graphsTogether(facts)),
          ...facts.othersLack.flatMap(o => incompleteness(o.completeness, { ...o, from: 0 }).map(sentence => `${o.name}: ${sentence}`)),
        ],
        e2e,
        verdicts: detectors,
      },
    }),
    ...contradictions(diagnosis.contradicted),
    ...[lowerBoundSentence(aligned.rows) ?? []].flat(),
    ...(together.pipeline?.cannot_tell ?? []),
    ...(together.collectives?.cannot_tell ?? []),
  ];
}

const chartsOf = ({ aligned, diagnosis, ops }: Facts, [from, to]: readonly [Ns, Ns]): ChartData => ({
  requests: requestPoints(aligned.rows, aligned.offset, diagnosis.delays),
  device_bins: deviceBins(ops, from, to, BINS),
  gpu: gpuPoints(aligned.gpu, from, to),
  host: hostPoints(aligned.host, from, to),
});
