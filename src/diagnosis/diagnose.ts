import { itemAt, realAt } from '#core/columns';
import type { Spans } from '#core/math/spans';
import { spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import { type AttributedLoss, attributeLosses } from '#diagnosis/causes/attribute-losses';
import type { Detector } from '#diagnosis/causes/define';
import { laneContext } from '#diagnosis/causes/lane-context';
import { latePeers } from '#diagnosis/groups/late-peers';
import { findOutside, type OutsideState } from '#diagnosis/groups/outside';
import { inputWaits, markInput } from '#diagnosis/lanes/idle-wait';
import type { Lane } from '#diagnosis/lanes/lane';
import type { LateWait } from '#diagnosis/lanes/late-wait';
import { launchedWork } from '#diagnosis/lanes/launched-work';
import type { Loss } from '#diagnosis/lanes/loss';
import { findLosses } from '#diagnosis/lanes/losses';
import { usualStep } from '#diagnosis/lanes/step-length';
import { coincidence, type StreamPause } from '#diagnosis/requests/coincidence';
import { attributeDelay, type DelayBreakdown } from '#diagnosis/requests/delay-breakdown';
import { heldOutside, type OutsideStall } from '#diagnosis/requests/held-outside';
import { joinLanes } from '#diagnosis/requests/join-lanes';
import { outsideDelays } from '#diagnosis/requests/outside-delays';
import { queueIncidents } from '#diagnosis/requests/queue-incidents';
import { inFlight, type JudgedRequest, placeRequests } from '#diagnosis/requests/requests';
import { segmentsOf } from '#diagnosis/requests/segments';
import { type IncidentSelection, selectIncidents } from '#diagnosis/requests/select-incidents';
import { wholeDelays } from '#diagnosis/requests/whole-delays';
import { type Chronic, chronicOf } from '#diagnosis/steps/chronic';
import { type EngineSteps, findEngineSteps } from '#diagnosis/steps/engine-steps';
import { type ExplainedStall, explainStalls } from '#diagnosis/steps/explain-stalls';
import { isIncident, leastDelay } from '#diagnosis/steps/is-incident';
import { findStalls, type Stall } from '#diagnosis/steps/stalls';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { WaitGraph } from '#diagnosis/waits/wait-graph';
import { WAITING_CAUSE } from '#schema/causes';
import type { RequestRow } from '#schema/relation';
import type { OpenedTrace } from '#trace/opened-trace';

/** One lane that serves requests, taken apart. */
export interface LaneDiagnosis {
  readonly lane: Lane;
  readonly attributed: readonly AttributedLoss[];
  readonly steps: EngineSteps | undefined;
  /** When requests that this lane may serve were in flight; undefined without a load test. */
  readonly demand: Spans | undefined;
  /** What is wrong in every step; undefined without steps or a load test. */
  readonly chronic: Chronic | undefined;
}

/** All that was found out about the lanes and the requests they served. Times in ns since the session began. */
export interface Diagnosis {
  /** The busiest first. */
  readonly lanes: readonly LaneDiagnosis[];
  /** Of the lane with most requests; undefined where none was judged. */
  readonly selection: IncidentSelection | undefined;
  readonly incidents: readonly ExplainedStall[];
  readonly delays: readonly DelayBreakdown[];
  readonly demand: Spans | undefined;
  /** Requests that lie wholly inside the trace and that no lane can be told to have served. */
  readonly unjoined: number;
  /** Stretches that the trace shows as held up while most streams kept their pace: nothing is blamed there. */
  readonly contradicted: readonly Contradicted[];
  /** Pauses of single streams while the others kept their pace. */
  readonly pauses: readonly StreamPause[];
}

export interface Contradicted {
  readonly start: Ns;
  readonly end: Ns;
  readonly decoding: number;
  readonly stalled: number;
}

export interface DiagnosisInput extends Pick<OpenedTrace, 'ops' | 'host'> {
  /** Lanes that serve requests, the busiest first. */
  readonly lanes: readonly Lane[];
  readonly window: readonly [Ns, Ns];
  /** undefined when no load test came with the trace. */
  readonly requests: { readonly rows: readonly RequestRow[]; readonly offset: Ns } | undefined;
  /** Telemetry of a GPU, by its label. */
  readonly samplesOf: (device: string) => SampleTimeline;
  readonly detectors: readonly Detector[];
  /** Who waited for whom. */
  readonly waits: WaitGraph;
  /** Collectives that spun for a late rank, by their index in ops. */
  readonly lateWaits?: ReadonlyMap<number, LateWait>;
}

const MS = 1e6;

/** Finds what held requests up, and keeps their books: each lane with the requests that it served. */
export function diagnose(input: DiagnosisInput): Diagnosis {
  const { lanes, window, requests } = input;
  const placed = requests === undefined ? [] : placeRequests(requests.rows, requests.offset);
  const served = joinLanes(
    placed,
    lanes.map(l => l.stepEnds),
  );
  const rows = requests?.rows ?? [];
  const flying = (some: readonly RequestRow[]) => (requests === undefined ? undefined : inFlight(some, requests.offset, window[1]));
  const segments =
    lanes.length === 0 || requests === undefined
      ? [placed.map((request, of) => ({ request, of }))]
      : segmentsOf(
          placed,
          served,
          lanes.map(l => l.stepEnds),
          requests.offset,
        );
  const told = (lanes.length === 0 ? [undefined] : lanes).map((lane, k) => {
    const mine = (segments[k] ?? []).map(s => s.request);
    // Those that may be this lane's count as demand for it, and are not judged by it; so do those that never ended.
    const others = placed.filter((_, i) => served[i]?.lane === -1 && served[i]?.possible.includes(k));
    const rest = lanes.length > 1 ? [] : rows.filter(r => r.finish_ms === null);
    return diagnoseLane(input, lane, flying([...mine, ...others].map(r => r.row).concat(rest)), mine);
  });
  const incidents = told.flatMap(t => t.incidents).toSorted((a, b) => a.start - b.start);
  const place = new Map(incidents.map((incident, k) => [incident, k]));
  return {
    lanes: told.flatMap(t => t.diagnosis ?? []),
    selection: told.toSorted((a, b) => b.delays.length - a.delays.length)[0]?.selection,
    incidents,
    delays: wholeDelays(
      told.map(t => t.delays.map(d => renumbered(d, t.incidents, place))),
      segments,
      placed,
    ),
    demand: flying(rows),
    unjoined: placed.filter((r, i) => served[i]?.lane === -1 && lanes.length > 0 && isWithin(r, window)).length,
    contradicted: told.flatMap(t => t.contradicted),
    pauses: told.flatMap(t => t.pauses),
  };
}

/** Whether a request lived its whole life inside the window: of the others the trace has not seen all. */
const isWithin = ({ arrival, end }: JudgedRequest, [from, to]: readonly [Ns, Ns]) => arrival >= from && end <= to;

/** Delays refer to incidents by their place in a list: here in the list of all lanes' incidents. */
function renumbered(delay: DelayBreakdown, own: readonly ExplainedStall[], place: ReadonlyMap<ExplainedStall, number>): DelayBreakdown {
  const at = (k: number) => place.get(itemAt(own, k)) ?? -1;
  return {
    ...delay,
    byIncident: new Map([...delay.byIncident].flatMap(([k, parts]) => (at(k) < 0 ? [] : [[at(k), parts] as const]))),
    behind: delay.behind === undefined || at(delay.behind) < 0 ? undefined : at(delay.behind),
  };
}

/** What was found out about one lane: its incidents, and the delays that refer to them by their place in that list. */
interface Told {
  readonly diagnosis: LaneDiagnosis | undefined;
  readonly selection: IncidentSelection | undefined;
  readonly incidents: readonly ExplainedStall[];
  readonly delays: readonly DelayBreakdown[];
  readonly contradicted: readonly Contradicted[];
  readonly pauses: readonly StreamPause[];
}

function diagnoseLane(input: DiagnosisInput, lane: Lane | undefined, demand: Spans | undefined, mine: readonly JudgedRequest[]): Told {
  const { host, ops, window, detectors } = input;
  const within = mine.filter(r => r.end > window[0] && r.arrival < window[1]);
  const judged = mine.filter(r => isWithin(r, window));
  const { sharedBy, pauses } = coincidence(within);
  if (lane === undefined) {
    const selection = judged.length === 0 ? undefined : selectIncidents(judged, undefined, []);
    const delays = selection === undefined ? [] : attributeDelay(judged, selection, []);
    return { diagnosis: undefined, selection, incidents: [], delays, contradicted: [], pauses };
  }
  const samples = input.samplesOf(ops.devices[lane.device] ?? '');
  const context = laneContext(input, lane, samples);
  const all = lossesOf(input, lane, samples);
  const losses =
    demand === undefined ? all : markInput(all, host, demand, window, { n: lane.stepEnds.length, length: usualStep(lane.stepEnds) });
  const attributed = attributeLosses(losses, detectors, context);
  const steps = findEngineSteps(
    lane.stepEnds,
    attributed,
    demand ?? spansOf([window]),
    window[0],
    window[1],
    launchedWork(ops, lane),
    within.length,
  );
  const found = (steps === undefined ? [] : findStalls(steps)).map(h => ({ ...h, shared: sharedBy(h) }));
  const isContradicted = ({ shared }: (typeof found)[number]) => shared !== undefined && 2 * shared.stalled < shared.decoding;
  const idle = inputWaits(losses);
  const outside =
    steps === undefined
      ? []
      : heldOutside(within, { plainEnds: plainEnds(steps), step: steps.normal.duration.median, least: leastDelay(steps), idle });
  const stalls: readonly Stall[] = found.filter(h => !isContradicted(h));
  const explain = (chosen: readonly Stall[], slowLimit: Ns) =>
    steps === undefined
      ? []
      : explainStalls(chosen, ops, lane, { steps, attributed, detectors, context, threads: host.threads, slowLimit });
  const told = {
    diagnosis: { lane, attributed, steps, demand, chronic: steps && demand && chronicOf(lane, steps, demand, samples) },
    contradicted: found.flatMap(h => (h.shared !== undefined && isContradicted(h) ? [{ start: h.start, end: h.end, ...h.shared }] : [])),
    pauses,
  };
  if (judged.length === 0) {
    // Without a load test the lane's own stalls are all there is to tell.
    const chosen = steps === undefined || demand !== undefined ? [] : stalls.filter(h => isIncident(steps, h));
    return { ...told, selection: undefined, incidents: explain(chosen, 0), delays: [] };
  }
  const selection = selectIncidents(judged, steps, stalls);
  const around = findOutside(host, new Set(ops.processes), lane.stepEnds.length / 2);
  const told2 = outside.map(s => explainOutside(s, around?.(s.start, s.end)));
  const fromLane = [...explain(selection.incidents, selection.limitMs * MS), ...told2].toSorted((a, b) => a.start - b.start);
  const causes = outside.map((s, k) => ({
    ...s,
    incident: fromLane.indexOf(itemAt(told2, k)),
    cause: itemAt(itemAt(told2, k).causes, 0).cause,
  }));
  const delays = attributeDelay(judged, selection, fromLane, outsideDelays(causes, steps?.end ?? new Float64Array(0)));
  // What made nobody slow is no incident.
  const felt = fromLane.filter((_, k) => delays.some(d => d.slow && d.byIncident.has(k)));
  const incidents = [...felt, ...queueIncidents(delays, selection.waitLimitMs)].toSorted((a, b) => a.start - b.start);
  return { ...told, selection, incidents, delays: keepIds(delays, fromLane, incidents) };
}

/** Ends of the steps in which every running request gets a token. */
const plainEnds = (steps: EngineSteps): Float64Array => steps.end.filter((_, i) => steps.heavy[i] === 0 && realAt(steps.duration, i) > 0);

/** Whose a stretch outside the engine is: the front end's where that was busy or blocked, else the clients', and nobody's where the trace shows neither. */
function explainOutside({ start, end }: OutsideStall, state: OutsideState | undefined): ExplainedStall {
  const excess = end - start;
  const cause = state?.who ?? 'unexplained';
  const subject = state === undefined ? 'requests or tokens were held up outside the engine' : 'nothing that the trace shows was busy';
  const { busy } = state ?? {};
  const what = busy === undefined ? subject : `process ${busy.process}: ${busy.call || 'its own code'}`;
  return { start, end, excess, causes: [{ cause, excess, subject: what, confidence: 'medium', root: busy }], shares: [] };
}

/** What the lane lost, its waits for late ranks among it. */
function lossesOf(input: DiagnosisInput, lane: Lane, samples: SampleTimeline): readonly Loss[] {
  const { ops, host, detectors, samplesOf, lateWaits = new Map(), waits } = input;
  const late = new Map([...latePeers(input, lane, detectors, samplesOf, waits), ...lateWaits]);
  return findLosses(ops, host, lane, samples.clockLoss, late, waits);
}

/** Books refer to incidents by index: renumbers them after the queue's incidents joined the list, and books each wait to its own. */
function keepIds(
  delays: readonly DelayBreakdown[],
  before: readonly ExplainedStall[],
  after: readonly ExplainedStall[],
): readonly DelayBreakdown[] {
  const place = new Map(after.map((incident, k) => [incident, k]));
  const queues = after.map((incident, k) => ({ incident, k })).filter(({ incident }) => !before.includes(incident));
  return delays.map(b => {
    const moved = renumbered(b, before, place);
    const byIncident = new Map(moved.byIncident);
    for (const { incident, k } of queues)
      if (b.waitedMs > 0 && b.behind === undefined && b.request.arrival < incident.end && b.request.served > incident.start)
        byIncident.set(k, new Map([[WAITING_CAUSE, b.waitedMs]]));
    return { ...moved, byIncident };
  });
}
