import { type Spans, spansOf, upperBound } from '#core/math/spans';
import { type ClaimedLoss, claimLosses } from '#diagnosis/causes/attribute-losses';
import type { Detector, DetectorContext } from '#diagnosis/causes/define';
import type { Lane } from '#diagnosis/lanes/lane';
import { keptWaiting, type Lateness, type LateWait } from '#diagnosis/lanes/late-wait';
import { findLosses } from '#diagnosis/lanes/losses';
import { coincidence, type StreamPause } from '#diagnosis/requests/coincidence';
import { keepBooks, type OrdinaryWork, type RequestBook } from '#diagnosis/requests/delay-breakdown';
import { queueIncidents } from '#diagnosis/requests/queue-incidents';
import { inFlight, type JudgedRequest, placeRequests } from '#diagnosis/requests/requests';
import { type Judgement, judge, PIECES_WITHOUT_WORK } from '#diagnosis/requests/select-incidents';
import { BUCKETS, cutPieces, type Pieces } from '#diagnosis/steps/engine-steps';
import { type ExplainedHoldUp, explainHoldUps } from '#diagnosis/steps/explain-stalls';
import { findHoldUps, type HoldUp, mainBucket } from '#diagnosis/steps/stalls';
import type { SampleTimeline } from '#diagnosis/telemetry/samples';
import type { RequestRow } from '#schema/relation';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';

/** All that was found out about one lane and the requests it served. Times in ns since the session began. */
export interface Diagnosis {
  readonly claimed: readonly ClaimedLoss[];
  readonly pieces: Pieces | undefined;
  readonly judgement: Judgement | undefined;
  readonly incidents: readonly ExplainedHoldUp[];
  readonly books: readonly RequestBook[];
  readonly demand: Spans | undefined;
  /** Stretches that the trace shows as held up while most streams kept their pace: nothing is blamed there. */
  readonly contradicted: readonly Contradicted[];
  /** Pauses of single streams while the others kept their pace. */
  readonly pauses: readonly StreamPause[];
}

export interface Contradicted {
  readonly start: number;
  readonly end: number;
  readonly decoding: number;
  readonly stalled: number;
}

export interface DiagnosisInput {
  readonly ops: GpuOps;
  readonly host: HostCalls;
  readonly lane: Lane | undefined;
  readonly window: readonly [number, number];
  /** undefined when no load test came with the trace. */
  readonly requests: { readonly rows: readonly RequestRow[]; readonly offset: number } | undefined;
  readonly samples: SampleTimeline;
  readonly detectors: readonly Detector[];
  readonly describe: (op: number) => string;
  /** Collectives that spun for a late rank, by their index in ops. */
  readonly lateWaits?: ReadonlyMap<number, LateWait>;
  /** When ranks kept others waiting. */
  readonly lateness?: readonly Lateness[];
}

const MS = 1e6;

/** Requests whose whole life lies inside the window: of the others the trace has not seen all. */
const wholly = (requests: readonly JudgedRequest[], [from, to]: readonly [number, number]) =>
  requests.filter(r => r.arrival >= from && r.end <= to);

function contextOf({ ops, lane, samples, describe, host }: DiagnosisInput): DetectorContext {
  const foreign = (lane?.foreignOps ?? new Int32Array()) as Int32Array;
  const starts = Float64Array.from(foreign, i => ops.start[i] ?? 0);
  // Latest end of each and all before it: tells how far back a search must go.
  const endSoFar = new Float64Array(foreign.length);
  for (const [k, i] of foreign.entries()) endSoFar[k] = Math.max(endSoFar[k - 1] ?? 0, ops.end[i] ?? 0);
  return {
    samples,
    describe,
    hasOsCalls: host.hasOsCalls,
    oneStream: lane?.streams.size === 1,
    foreignWork(from, to) {
      const time = new Map<string, number>();
      for (let k = upperBound(starts, to) - 1; k >= 0 && (endSoFar[k] ?? 0) > from; k--) {
        const i = foreign[k] ?? 0;
        const shared = Math.min(ops.end[i] ?? 0, to) - Math.max(ops.start[i] ?? 0, from);
        if (shared <= 0) continue;
        const who = ops.process[i] === lane?.process ? `stream ${ops.stream[i]} of the same process` : 'another process';
        const name = `${describe(i)} on ${who}`;
        time.set(name, (time.get(name) ?? 0) + shared);
      }
      return [...time].reduce<[string, number]>((best, e) => (e[1] > best[1] ? e : best), ['other work', 0])[0];
    },
  };
}

/** Work beyond a normal piece's outside the given hold-ups, as a function of time. */
function ordinaryWork(pieces: Pieces, holdUps: readonly HoldUp[]): OrdinaryWork {
  const WORK = BUCKETS.indexOf('work');
  const inside = new Set(holdUps.flatMap(h => Array.from({ length: h.last - h.first + 1 }, (_, i) => h.first + i)));
  const sums = new Float64Array(pieces.n + 1);
  for (let i = 0; i < pieces.n; i++) {
    const extra = inside.has(i) ? 0 : Math.max(0, (pieces.buckets[WORK]?.[i] ?? 0) - (pieces.normal.buckets[WORK] ?? 0));
    sums[i + 1] = (sums[i] ?? 0) + extra / MS;
  }
  const pieceAt = pieceIndex(pieces.start);
  return (from, to) => (to > from ? (sums[pieceAt(to)] ?? 0) - (sums[pieceAt(from)] ?? 0) : 0);
}

/** Index of the piece in which t lies. */
const pieceIndex = (starts: Float64Array) => (t: number) => Math.max(0, upperBound(starts, t) - 1);

/** Finds what held requests up, and keeps their books. */
export function diagnose(input: DiagnosisInput): Diagnosis {
  const { ops, host, lane, window, requests, detectors } = input;
  const context = contextOf(input);
  const demand = requests === undefined ? undefined : inFlight(requests.rows, requests.offset, window[1]);
  const own = (input.lateness ?? []).filter(l => l.device === lane?.device && l.process === lane.process);
  const losses = lane === undefined ? [] : keptWaiting(findLosses(ops, host, lane, input.samples.clockLoss, input.lateWaits), own);
  const claimed = claimLosses(losses, detectors, context);
  const pieces = lane === undefined ? undefined : cutPieces(lane.beats, claimed, demand ?? spansOf([window]), window[0], window[1]);
  const placed = requests === undefined ? [] : placeRequests(requests.rows, requests.offset);
  const { sharedBy, pauses } = coincidence(placed.filter(r => r.end > window[0] && r.arrival < window[1]));
  const found = (pieces === undefined ? [] : findHoldUps(pieces)).map(h => ({ ...h, shared: sharedBy(h) }));
  const isContradicted = ({ shared }: (typeof found)[number]) => shared !== undefined && 2 * shared.stalled < shared.decoding;
  const contradicted = found.flatMap(h =>
    h.shared !== undefined && isContradicted(h) ? [{ start: h.start, end: h.end, ...h.shared }] : [],
  );
  const holdUps: readonly HoldUp[] = found.filter(h => !isContradicted(h));
  const explain = (chosen: readonly HoldUp[], slowLimit: number) =>
    lane === undefined || pieces === undefined ? [] : explainHoldUps(chosen, ops, lane, { pieces, claimed, detectors, context, slowLimit });

  const judged = wholly(placed, window);
  if (judged.length === 0) {
    const least = PIECES_WITHOUT_WORK * (pieces?.normal.duration.median ?? 0);
    const chosen = pieces === undefined ? [] : holdUps.filter(h => mainBucket(pieces, h.first, h.last).excess >= least);
    return { claimed, pieces, judgement: undefined, incidents: explain(chosen, least), books: [], demand, contradicted, pauses };
  }
  const judgement = judge(judged, pieces, holdUps);
  const fromLane = explain(judgement.incidents, judgement.limit * MS);
  const ordinary = pieces === undefined ? () => 0 : ordinaryWork(pieces, judgement.incidents);
  const books = keepBooks(judged, judgement, fromLane, ordinary, lane !== undefined);
  const incidents = [...fromLane, ...queueIncidents(books, judgement.limit)].toSorted((a, b) => a.start - b.start);
  return { claimed, pieces, judgement, incidents, books: keepIds(books, fromLane, incidents), demand, contradicted, pauses };
}

/** Books refer to incidents by index: renumbers them after the queue's incidents joined the list, and books each wait to its own. */
function keepIds(
  books: readonly RequestBook[],
  before: readonly ExplainedHoldUp[],
  after: readonly ExplainedHoldUp[],
): readonly RequestBook[] {
  const place = new Map(after.map((incident, k) => [incident, k]));
  const queues = after.map((incident, k) => ({ incident, k })).filter(({ incident }) => !before.includes(incident));
  return books.map(b => {
    const byIncident = new Map([...b.byIncident].map(([k, parts]) => [place.get(before[k] as ExplainedHoldUp) ?? k, parts]));
    for (const { incident, k } of queues)
      if (b.waited > 0 && b.behind === undefined && b.request.arrival < incident.end && b.request.served > incident.start)
        byIncident.set(k, new Map([['queueing' as const, b.waited]]));
    return { ...b, byIncident };
  });
}
