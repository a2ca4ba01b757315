import type { Ns } from '#core/units';
import { latencies } from '#diagnosis/requests/latencies';
import type { Report } from '#schema/report';
import { allFindings } from './all-findings.ts';
import { answer, answerNeeds, summary } from './answer.ts';
import { capabilitiesOf } from './capabilities.ts';
import { chartsOf } from './chart-data.ts';
import { intendedLatencies } from './client-side.ts';
import { clockMethod, clockSentences } from './clock-notes.ts';
import { wordEnergy } from './energy.ts';
import type { Facts } from './facts.ts';
import { groundsOf, statementsOf } from './grounds.ts';
import { machineLooks } from './machine/unjudged.ts';
import { filesBeside } from './missing-inputs.ts';
import { rankedCauses } from './named-causes.ts';
import { booksOfLanes, laneWords } from './of-lanes.ts';
import { reportContext } from './report-context.ts';
import { requestSummary } from './request-summary.ts';
import { stepRows } from './step-rows.ts';
import { unknowns } from './unknowns.ts';
import { formatOf } from './written-by.ts';

/** The report of an analysis: its facts in the order and the words that a reader wants them in. */
export function buildReport(given: Facts): Report {
  const context = reportContext(given);
  const { facts, missing, judged, together, training, detectors } = context;
  const { aligned, diagnosis } = facts;
  const { delays } = diagnosis;
  const report: Omit<Report, 'summary' | 'statements'> = {
    schema: 'forensics.report/1',
    tool: { name: 'forensics', version: facts.version },
    answer: answer(context),
    inputs: inputsOf(facts),
    capabilities: [...capabilitiesOf(facts.source, facts.trace !== undefined), ...filesBeside(missing), ...machineLooks(facts)],
    clock: {
      method: clockMethod(aligned.method, facts.trace !== undefined),
      uncertainty_ms: aligned.uncertainty_ms,
      notes: clockSentences([...aligned.notes, ...facts.clockNotes]),
    },
    recording: facts.recording ?? null,
    window: windowOf(facts),
    requests: aligned.hasRequests ? requestSummary(aligned.rows, judged.finished.length, diagnosis, facts.untraced !== undefined) : null,
    latency: judged.latency,
    latency_intended: intendedLatencies(judged.rows),
    latency_inside: latencies(delays.filter(b => b.byIncident.size > 0).map(b => b.request.row)),
    latency_outside: latencies(delays.filter(b => b.byIncident.size === 0).map(b => b.request.row)),
    devices: [...facts.devices],
    steps: stepRows(diagnosis.lanes, laneWords(facts)),
    incidents: judged.incidents,
    causes: rankedCauses(judged, training, together),
    books: training.books ?? judged.books,
    unexplained: training.unexplained ?? judged.unexplained,
    detectors: [...detectors],
    cannot_tell: unknowns(context),
    pipeline: together.pipeline,
    collectives: together.collectives,
    energy: facts.energy && wordEnergy(facts.energy),
    training: training.training,
    findings: allFindings(context),
    lane_books: booksOfLanes(facts, missing),
    grounds: groundsOf(missing, facts.detectors),
    charts: chartsOf(facts),
  };
  return {
    ...report,
    summary: summary(context, report),
    statements: statementsOf(missing, { ...report, answer: answerNeeds(facts, missing) }),
  };
}

/** The trace's hash is filled in by the caller, who takes it meanwhile. */
const inputsOf = ({ trace, files, machine, source: { recorder } }: Facts): Report['inputs'] => [
  ...(trace === undefined ? [] : [{ path: trace.path, kind: 'trace' as const, ...formatOf(recorder), sha256: '', bytes: trace.bytes }]),
  ...files.map(f => ({ path: f.path, kind: f.series.kind, format: f.series.format, sha256: f.sha256, bytes: f.bytes })),
  ...machine.inputs,
];

function windowOf({ session, window: [from, to] }: Facts): Report['window'] {
  const epoch = (t: Ns) => String((session ?? 0n) + BigInt(Math.round(t)));
  return { start_ns: epoch(from), end_ns: epoch(to), epoch_known: session !== undefined, start_ms: from / 1e6 };
}
