import { realAt, valueAt } from '#core/columns';
import { type Spans, spansOf, upperBound } from '#core/math/spans';
import type { Ns } from '#core/units';
import { type AttributedLoss, attributeLosses } from '#diagnosis/causes/attribute-losses';
import type { Detector } from '#diagnosis/causes/define';
import { laneContext } from '#diagnosis/causes/lane-context';
import type { Lane } from '#diagnosis/lanes/lane';
import { keptWaiting, type Lateness, type LateWait } from '#diagnosis/lanes/late-wait';
import { findLosses } from '#diagnosis/lanes/losses';
import { coincidence, type StreamPause } from '#diagnosis/requests/coincidence';
import { attributeDelay, type DelayBreakdown, type OrdinaryWork } from '#diagnosis/requests/delay-breakdown';
import { queueIncidents } from '#diagnosis/requests/queue-incidents';
import { inFlight, type JudgedRequest, placeRequests } from '#diagnosis/requests/requests';
import { type IncidentSelection, STEPS_WITHOUT_WORK, selectIncidents } from '#diagnosis/requests/select-incidents';
import { BUCKETS, type EngineSteps, findEngineSteps } from '#diagnosis/steps/engine-steps';
import { type ExplainedStall, explainStalls } from '#diagnosis/steps/explain-stalls';
import { findStalls, mainBucket, type Stall } from '#diagnosis/steps/stalls';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import { WAITING_CAUSE } from '#schema/causes';
import type { RequestRow } from '#schema/relation';
import type { OpenedTrace } from '#trace/opened-trace';

/** All that was found out about one lane and the requests it served. Times in ns since the session began. */
export interface Diagnosis {
  readonly attributed: readonly AttributedLoss[];
  readonly steps: EngineSteps | undefined;
  readonly selection: IncidentSelection | undefined;
  readonly incidents: readonly ExplainedStall[];
  readonly delays: readonly DelayBreakdown[];
  readonly demand: Spans | undefined;
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
  readonly lane: Lane | undefined;
  readonly window: readonly [Ns, Ns];
  /** undefined when no load test came with the trace. */
  readonly requests: { readonly rows: readonly RequestRow[]; readonly offset: Ns } | undefined;
  readonly samples: SampleTimeline;
  readonly detectors: readonly Detector[];
  /** Collectives that spun for a late rank, by their index in ops. */
  readonly lateWaits?: ReadonlyMap<number, LateWait>;
  /** When ranks kept others waiting. */
  readonly lateness?: readonly Lateness[];
}

const MS = 1e6;

/** Requests whose whole life lies inside the window: of the others the trace has not seen all. */
const wholly = (requests: readonly JudgedRequest[], [from, to]: readonly [Ns, Ns]) =>
  requests.filter(r => r.arrival >= from && r.end <= to);

/** Work beyond a normal piece's outside the given hold-ups, as a function of time. */
function ordinaryWork(steps: EngineSteps, stalls: readonly Stall[]): OrdinaryWork {
  const WORK = BUCKETS.indexOf('work');
  const inside = new Set(stalls.flatMap(h => Array.from({ length: h.last - h.first + 1 }, (_, i) => h.first + i)));
  const sums = new Float64Array(steps.n + 1);
  for (let i = 0; i < steps.n; i++) {
    const extra = inside.has(i) ? 0 : Math.max(0, realAt(steps.buckets[WORK], i) - valueAt(steps.normal.buckets, WORK));
    sums[i + 1] = realAt(sums, i) + extra / MS;
  }
  const stepAt = stepIndex(steps.start);
  return (from, to) => (to > from ? realAt(sums, stepAt(to)) - realAt(sums, stepAt(from)) : 0);
}

/** Index of the piece in which t lies. */
const stepIndex = (starts: Float64Array) => (t: Ns) => Math.max(0, upperBound(starts, t) - 1);

/** Finds what held requests up, and keeps their books. */
export function diagnose(input: DiagnosisInput): Diagnosis {
  const { ops, host, lane, window, requests, detectors } = input;
  const context = laneContext(input, lane, input.samples);
  const demand = requests === undefined ? undefined : inFlight(requests.rows, requests.offset, window[1]);
  const own = (input.lateness ?? []).filter(l => l.device === lane?.device && l.process === lane.process);
  const losses = lane === undefined ? [] : keptWaiting(findLosses(ops, host, lane, input.samples.clockLoss, input.lateWaits), own);
  const attributed = attributeLosses(losses, detectors, context);
  const steps =
    lane === undefined ? undefined : findEngineSteps(lane.stepEnds, attributed, demand ?? spansOf([window]), window[0], window[1]);
  const placed = requests === undefined ? [] : placeRequests(requests.rows, requests.offset);
  const { sharedBy, pauses } = coincidence(placed.filter(r => r.end > window[0] && r.arrival < window[1]));
  const found = (steps === undefined ? [] : findStalls(steps)).map(h => ({ ...h, shared: sharedBy(h) }));
  const isContradicted = ({ shared }: (typeof found)[number]) => shared !== undefined && 2 * shared.stalled < shared.decoding;
  const contradicted = found.flatMap(h =>
    h.shared !== undefined && isContradicted(h) ? [{ start: h.start, end: h.end, ...h.shared }] : [],
  );
  const stalls: readonly Stall[] = found.filter(h => !isContradicted(h));
  const explain = (chosen: readonly Stall[], slowLimit: Ns) =>
    lane === undefined || steps === undefined ? [] : explainStalls(chosen, ops, lane, { steps, attributed, detectors, context, slowLimit });

  const judged = wholly(placed, window);
  if (judged.length === 0) {
    const least = STEPS_WITHOUT_WORK * (steps?.normal.duration.median ?? 0);
    const chosen = steps === undefined ? [] : stalls.filter(h => mainBucket(steps, h.first, h.last).excess >= least);
    return { attributed, steps, selection: undefined, incidents: explain(chosen, least), delays: [], demand, contradicted, pauses };
  }
  const selection = selectIncidents(judged, steps, stalls);
  const fromLane = explain(selection.incidents, selection.limitMs * MS);
  const ordinary = steps === undefined ? () => 0 : ordinaryWork(steps, selection.incidents);
  const books = attributeDelay(judged, selection, fromLane, ordinary, lane !== undefined);
  const incidents = [...fromLane, ...queueIncidents(books, selection.limitMs)].toSorted((a, b) => a.start - b.start);
  return { attributed, steps, selection, incidents, delays: keepIds(books, fromLane, incidents), demand, contradicted, pauses };
}

/** Books refer to incidents by index: renumbers them after the queue's incidents joined the list, and books each wait to its own. */
function keepIds(
  books: readonly DelayBreakdown[],
  before: readonly ExplainedStall[],
  after: readonly ExplainedStall[],
): readonly DelayBreakdown[] {
  const place = new Map(after.map((incident, k) => [incident, k]));
  const queues = after.map((incident, k) => ({ incident, k })).filter(({ incident }) => !before.includes(incident));
  return books.map(b => {
    const byIncident = new Map([...b.byIncident].map(([k, parts]) => [place.get(before[k] as ExplainedStall) ?? k, parts]));
    for (const { incident, k } of queues)
      if (b.waitedMs > 0 && b.behind === undefined && b.request.arrival < incident.end && b.request.served > incident.start)
        byIncident.set(k, new Map([[WAITING_CAUSE, b.waitedMs]]));
    return { ...b, byIncident };
  });
}
