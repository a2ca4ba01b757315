import type { Spans } from '#core/math/spans';
import type { StreamPause } from '#diagnosis/requests/coincidence';
import type { DelayBreakdown } from '#diagnosis/requests/delay-breakdown';
import { joinLanes } from '#diagnosis/requests/join-lanes';
import { renumbered } from '#diagnosis/requests/renumbered';
import { inFlight, placeRequests } from '#diagnosis/requests/requests';
import { segmentsOf } from '#diagnosis/requests/segments';
import type { IncidentSelection } from '#diagnosis/requests/select-incidents';
import { wholeDelays } from '#diagnosis/requests/whole-delays';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import type { RequestRow } from '#schema/relation';
import { diagnoseLane, isWithin } from './diagnose-lane.ts';
import type { DiagnosisInput } from './diagnosis-input.ts';
import type { Contradicted, LaneDiagnosis } from './lane-answer.ts';

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
