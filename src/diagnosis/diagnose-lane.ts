import { realAt } from '#core/columns';
import type { Spans } from '#core/math/spans';
import { spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import { type AttributedLoss, attributeLosses } from '#diagnosis/causes/attribute-losses';
import type { Detector } from '#diagnosis/causes/define';
import { laneContext } from '#diagnosis/causes/lane-context';
import { type LatePeers, latePeers } from '#diagnosis/groups/late-peers';
import { inputWaits, markInput } from '#diagnosis/lanes/idle-wait';
import type { Lane } from '#diagnosis/lanes/lane';
import type { LateWait } from '#diagnosis/lanes/late-wait';
import { launchedWork } from '#diagnosis/lanes/launched-work';
import type { Loss } from '#diagnosis/lanes/loss';
import { findLosses } from '#diagnosis/lanes/losses';
import { usualStep } from '#diagnosis/lanes/step-length';
import { coincidence, type StreamPause } from '#diagnosis/requests/coincidence';
import { attributeDelay, type DelayBreakdown } from '#diagnosis/requests/delay-breakdown';
import { heldOutside } from '#diagnosis/requests/held-outside';
import { outsideDelays } from '#diagnosis/requests/outside-delays';
import { queueIncidents, waitedIn } from '#diagnosis/requests/queue-incidents';
import { renumbered } from '#diagnosis/requests/renumbered';
import type { JudgedRequest } from '#diagnosis/requests/requests';
import { type IncidentSelection, selectIncidents } from '#diagnosis/requests/select-incidents';
import { type NamedKind, stepNames } from '#diagnosis/requests/step-names';
import { type StepTokens, stepTokens } from '#diagnosis/requests/step-tokens';
import { type Chronic, chronicOf } from '#diagnosis/steps/chronic';
import { type EngineSteps, findEngineSteps } from '#diagnosis/steps/engine-steps';
import { type ExplainedStall, explainStalls } from '#diagnosis/steps/explain-stalls';
import { isIncident, leastDelay } from '#diagnosis/steps/is-incident';
import { findStalls, type Stall } from '#diagnosis/steps/stalls';
import { PLAIN } from '#diagnosis/steps/step-kinds';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { WaitGraph } from '#diagnosis/waits/wait-graph';
import type { RequestRow } from '#schema/relation';
import type { OpenedTrace } from '#trace/opened-trace';
import { explainOutside } from './explain-outside.ts';

/** One lane that serves requests, taken apart. */
export interface LaneDiagnosis {
  readonly lane: Lane;
  readonly attributed: readonly AttributedLoss[];
  readonly steps: EngineSteps | undefined;
  /** What the kinds of its steps are called; empty without steps. */
  readonly kinds: readonly NamedKind[];
  /** What arrived after each step; undefined without steps, or where no one can say after which. */
  readonly tokens: StepTokens | undefined;
  /** When requests that this lane may serve were in flight; undefined without a load test. */
  readonly demand: Spans | undefined;
  /** GPUs that ran whole graphs in lockstep with it. */
  readonly graphs: LatePeers['graphs'];
  /** What is wrong in every step; undefined without steps or a load test. */
  readonly chronic: Chronic | undefined;
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
  readonly requests: { readonly rows: readonly RequestRow[]; readonly offset: Ns; readonly stampErrorNs: Ns } | undefined;
  /** Telemetry of a GPU, by its label. */
  readonly samplesOf: (device: string) => SampleTimeline;
  readonly detectors: readonly Detector[];
  /** Who waited for whom. */
  readonly waits: WaitGraph;
  /** Ids of requests that the profiler's own start or stop held up: nothing is judged by them. */
  readonly heldByProfiler?: ReadonlySet<string>;
  /** Collectives that spun for a late rank, by their index in ops. */
  readonly lateWaits?: ReadonlyMap<number, LateWait>;
}

const MS = 1e6;

/**
 * Whether a request lived its whole life inside the window: of the others the trace has not seen all.
 * @param step a usual one: no stall hides in less time after the trace's last event, which may be the one that made the last token
 */
export const isWithin = ({ arrival, end }: JudgedRequest, [from, to]: readonly [Ns, Ns], step: Ns = 0) =>
  arrival >= from && end <= to + step;

/** What was found out about one lane: its incidents, and the delays that refer to them by their place in that list. */
export interface LaneAnswer {
  readonly diagnosis: LaneDiagnosis | undefined;
  readonly selection: IncidentSelection | undefined;
  readonly incidents: readonly ExplainedStall[];
  readonly delays: readonly DelayBreakdown[];
  readonly contradicted: readonly Contradicted[];
  readonly pauses: readonly StreamPause[];
}

/** Finds what held up one lane, and keeps the books of the requests that it served. */
export function diagnoseLane(
  input: DiagnosisInput,
  lane: Lane | undefined,
  demand: Spans | undefined,
  mine: readonly JudgedRequest[],
): LaneAnswer {
  const { host, ops, window, detectors } = input;
  const { stampErrorNs } = input.requests ?? { stampErrorNs: 0 };
  const within = mine.filter(r => r.end > window[0] && r.arrival < window[1]);
  const step = lane === undefined ? Number.NaN : usualStep(lane.stepEnds);
  const judged = mine.filter(r => isWithin(r, window, Number.isFinite(step) ? step : 0) && !input.heldByProfiler?.has(r.row.id));
  const { sharedBy, pauses } = coincidence(within);
  if (lane === undefined) {
    const selection = judged.length === 0 ? undefined : selectIncidents(judged, undefined, []);
    const delays = selection === undefined ? [] : attributeDelay(judged, selection, []);
    return { diagnosis: undefined, selection, incidents: [], delays, contradicted: [], pauses };
  }
  const samples = input.samplesOf(ops.devices[lane.device] ?? '');
  const context = laneContext(input, lane, samples);
  const { losses: all, graphs } = lossesOf(input, lane, samples);
  const scale = { n: lane.stepEnds.length, length: step };
  const losses = demand === undefined ? all : markInput(all, host, demand, window, scale);
  const given = attributeLosses(losses, detectors, context);
  const attributed = demand === undefined ? withoutIdleWaits(given, host, window, scale) : given;
  const steps = findEngineSteps(
    lane.stepEnds,
    attributed,
    demand ?? spansOf([window]),
    window[0],
    window[1],
    launchedWork(ops, lane),
    within.length,
    stampErrorNs,
  );
  const found = (steps === undefined ? [] : findStalls(steps)).map(h => ({ ...h, shared: sharedBy(h) }));
  const isContradicted = ({ shared }: (typeof found)[number]) => shared !== undefined && 2 * shared.stalled < shared.decoding;
  const idle = inputWaits(losses);
  const held =
    steps === undefined
      ? []
      : heldOutside(within, { plainEnds: plainEnds(steps), step: steps.normal.duration.median, least: leastDelay(steps), idle });
  const stalls: readonly Stall[] = found.filter(h => !isContradicted(h));
  const explain = (chosen: readonly Stall[], slowLimit: Ns) =>
    steps === undefined
      ? []
      : explainStalls(chosen, ops, lane, { steps, attributed, detectors, context, threads: host.threads, slowLimit });
  const tokens = steps && stepTokens(steps, within, stampErrorNs);
  const answer = {
    diagnosis: {
      ...{ lane, attributed, steps, demand, graphs },
      kinds: steps === undefined ? [] : stepNames(steps, tokens),
      tokens,
      chronic: steps && demand && chronicOf(lane, steps, demand, samples),
    },
    contradicted: found.flatMap(h => (h.shared !== undefined && isContradicted(h) ? [{ start: h.start, end: h.end, ...h.shared }] : [])),
    pauses,
  };
  if (judged.length === 0) {
    // Without a load test the lane's own stalls are all there is to tell.
    const chosen = steps === undefined || demand !== undefined ? [] : stalls.filter(h => isIncident(steps, h));
    return { ...answer, selection: undefined, incidents: explain(chosen, 0), delays: [] };
  }
  const selection = selectIncidents(judged, steps, stalls, spansOf(held.map(h => [h.start, h.end] as const)));
  const outside = explainOutside(host, new Set(ops.processes), lane.stepEnds.length / 2, held);
  const fromLane = [...explain(selection.incidents, selection.limitMs * MS), ...outside.map(o => o.incident)].toSorted(
    (a, b) => a.start - b.start,
  );
  const causes = outside.map(({ stall, cause, incident }) => ({ ...stall, cause, incident: fromLane.indexOf(incident) }));
  const delays = attributeDelay(judged, selection, fromLane, outsideDelays(causes, steps?.end ?? new Float64Array(0)));
  // What made nobody slow is no incident.
  const slowing = new Set(delays.flatMap(d => (d.slow ? [...d.byIncident.keys()] : [])));
  const felt = fromLane.filter((_, k) => slowing.has(k));
  const incidents = [...felt, ...queueIncidents(delays, selection.waitLimitMs)].toSorted((a, b) => a.start - b.start);
  return { ...answer, selection, incidents, delays: keepIds(delays, fromLane, incidents) };
}

/**
 * Without a load test nothing tells a wait for work from a wait that held work up: what a lane waited in for most of its starved time is put
 * down to nobody, unless a detector knows more than that the thread waited.
 */
function withoutIdleWaits(
  attributed: readonly AttributedLoss[],
  host: OpenedTrace['host'],
  window: readonly [Ns, Ns],
  scale: { readonly n: number; readonly length: Ns },
): readonly AttributedLoss[] {
  const marked = markInput(
    attributed.map(a => a.loss),
    host,
    undefined,
    window,
    scale,
  );
  return attributed.map((a, k) => {
    const loss = marked[k];
    const isIdle = a.cause === 'host-blocked' && loss?.kind === 'starved' && loss.isInput === true;
    return isIdle ? { ...a, loss, cause: undefined, attribution: undefined } : a;
  });
}

/** Ends of the steps in which every running request gets a token. */
const plainEnds = (steps: EngineSteps): Float64Array =>
  steps.end.filter((_, i) => steps.kind[i] === PLAIN && realAt(steps.duration, i) > 0);

/** What the lane lost, its waits for late ranks among it. */
function lossesOf(
  input: DiagnosisInput,
  lane: Lane,
  samples: SampleTimeline,
): { readonly losses: readonly Loss[] } & Pick<LatePeers, 'graphs'> {
  const { ops, host, detectors, samplesOf, lateWaits = new Map(), waits } = input;
  const peers = latePeers(input, lane, detectors, samplesOf, waits);
  const late = new Map([...peers.waits, ...lateWaits]);
  return { losses: findLosses(ops, host, lane, samples.clockLoss, late, waits), graphs: peers.graphs };
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
    for (const { incident, k } of queues) if (waitedIn(b, incident)) byIncident.set(k, new Map([[b.waitCause, b.waitedMs]]));
    return { ...moved, byIncident };
  });
}
