import { spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { Lane } from '#diagnosis/lanes/lane';
import { attributeDelay, type DelayBreakdown, type OutsideDelays } from '#diagnosis/requests/delay-breakdown';
import type { OutsideStall } from '#diagnosis/requests/held-outside';
import { outsideDelays } from '#diagnosis/requests/outside-delays';
import { queueIncidents, waitedIn } from '#diagnosis/requests/queue-incidents';
import { renumbered } from '#diagnosis/requests/renumbered';
import type { JudgedRequest } from '#diagnosis/requests/requests';
import { type IncidentSelection, selectIncidents } from '#diagnosis/requests/select-incidents';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { Stall } from '#diagnosis/steps/stalls';
import type { DiagnosisInput } from './diagnosis-input.ts';
import { explainOutside } from './explain-outside.ts';
import type { RequestDelays } from './lane-answer.ts';

const MS = 1e6;

/** What may have held requests of a lane up. */
interface Suspects {
  readonly steps: EngineSteps | undefined;
  readonly stalls: readonly Stall[];
  /** Stretches in which the engine worked, and requests or tokens stood still all the same. */
  readonly outside: readonly OutsideStall[];
  /** Says why the lane stalled. @param slowLimitNs a request is slow that takes this much longer than expected */
  readonly explain: (chosen: readonly Stall[], slowLimitNs: Ns) => readonly ExplainedStall[];
}

/** Requests of a lane that the trace does not show: they can be slow, and nothing says why. */
export function unexplainedDelays(judged: readonly JudgedRequest[]): RequestDelays {
  if (judged.length === 0) return { selection: undefined, incidents: [], delays: [] };
  const selection = selectIncidents(judged, undefined, []);
  return { selection, incidents: [], delays: attributeDelay(judged, selection, []) };
}

/** What made the requests of a lane slow: its own stalls, what held them up outside of it, and queues. */
export function explainDelays(
  { host, ops }: Pick<DiagnosisInput, 'host' | 'ops'>,
  lane: Lane,
  judged: readonly JudgedRequest[],
  { steps, stalls, outside: held, explain }: Suspects,
): RequestDelays {
  const selection = selectIncidents(judged, steps, stalls, spansOf(held.map(h => [h.start, h.end] as const)));
  const outside = explainOutside(host, new Set(ops.processes), lane.stepEnds.length / 2, held);
  const all = [...explain(selection.incidents, selection.limitMs * MS), ...outside.map(o => o.incident)].toSorted(
    (a, b) => a.start - b.start,
  );
  const causes = outside.map(({ stall, cause, incident }) => ({ ...stall, cause, incident: all.indexOf(incident) }));
  return withQueues(judged, selection, all, outsideDelays(causes, steps?.end ?? new Float64Array(0)));
}

/** Books the delays of requests to what held them up, and makes incidents of the queues that nothing of it explains. @param all in order of time */
export function withQueues(
  judged: readonly JudgedRequest[],
  selection: IncidentSelection,
  all: readonly ExplainedStall[],
  outside?: OutsideDelays,
): RequestDelays {
  const delays = attributeDelay(judged, selection, all, outside);
  // What made nobody slow is no incident.
  const slowing = new Set(delays.flatMap(d => (d.slow ? [...d.byIncident.keys()] : [])));
  const felt = all.filter((_, k) => slowing.has(k));
  const incidents = [...felt, ...queueIncidents(delays, selection.waitLimitMs)].toSorted((a, b) => a.start - b.start);
  return { selection, incidents, delays: keepIds(delays, all, incidents) };
}

/** Delays refer to incidents by index: renumbers them after the queue's incidents joined the list, and books each wait to its own. */
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
