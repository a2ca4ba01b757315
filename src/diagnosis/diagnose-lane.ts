import { realAt } from '#core/columns';
import { type Spans, spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import { inputWaits } from '#diagnosis/lanes/idle-wait';
import type { Lane } from '#diagnosis/lanes/lane';
import { launchedWork } from '#diagnosis/lanes/launched-work';
import { usualStep } from '#diagnosis/lanes/step-length';
import { type Coincidence, coincidence } from '#diagnosis/requests/coincidence';
import { heldOutside } from '#diagnosis/requests/held-outside';
import type { JudgedRequest } from '#diagnosis/requests/requests';
import { stepNames } from '#diagnosis/requests/step-names';
import { stepTokens } from '#diagnosis/requests/step-tokens';
import { chronicOf } from '#diagnosis/steps/chronic';
import { type EngineSteps, findEngineSteps } from '#diagnosis/steps/engine-steps';
import { explainStalls } from '#diagnosis/steps/explain-stalls';
import { isIncident, leastDelay } from '#diagnosis/steps/is-incident';
import { findStalls, type Stall } from '#diagnosis/steps/stalls';
import { PLAIN } from '#diagnosis/steps/step-kinds';
import type { DiagnosisInput } from './diagnosis-input.ts';
import type { Contradicted, LaneAnswer } from './lane-answer.ts';
import { laneLosses } from './lane-losses.ts';
import { explainDelays, unexplainedDelays } from './request-delays.ts';

/**
 * Whether a request lived its whole life inside the window: of the others the trace has not seen all.
 * @param step a usual one: no stall hides in less time after the trace's last event, which may be the one that made the last token
 */
export const isWithin = ({ arrival, end }: JudgedRequest, [from, to]: readonly [Ns, Ns], step: Ns = 0) =>
  arrival >= from && end <= to + step;

/**
 * Finds what held up one lane, and what each of the requests that it served lost to that.
 * @param demand when requests that it may serve were in flight; undefined without a load test
 */
export function diagnoseLane(
  input: DiagnosisInput,
  lane: Lane | undefined,
  demand: Spans | undefined,
  mine: readonly JudgedRequest[],
): LaneAnswer {
  const { ops, host, window, detectors } = input;
  const step = lane === undefined ? Number.NaN : usualStep(lane.stepEnds);
  const within = mine.filter(r => r.end > window[0] && r.arrival < window[1]);
  const judged = mine.filter(r => isWithin(r, window, Number.isFinite(step) ? step : 0) && !input.heldByProfiler?.has(r.row.id));
  const { sharedBy, pauses } = coincidence(within);
  if (lane === undefined) return { ...unexplainedDelays(judged), diagnosis: undefined, contradicted: [], pauses };
  const samples = input.samplesOf(ops.devices[lane.device] ?? '');
  const { losses, attributed, context, graphs } = laneLosses(input, lane, samples, demand, step);
  const stampErrorNs = input.requests?.stampErrorNs ?? 0;
  const steps = findEngineSteps(
    lane.stepEnds,
    attributed,
    demand ?? spansOf([window]),
    ...window,
    launchedWork(ops, lane),
    within.length,
    stampErrorNs,
  );
  const { stalls, contradicted } = believed(steps, sharedBy);
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
    ...{ contradicted, pauses },
  };
  if (judged.length === 0) {
    // Without a load test the lane's own stalls are all there is to tell.
    const chosen = steps === undefined || demand !== undefined ? [] : stalls.filter(h => isIncident(steps, h));
    return { ...answer, selection: undefined, incidents: explain(chosen, 0), delays: [] };
  }
  const outside = steps === undefined ? [] : heldOutside(within, { ...paceOf(steps), idle: inputWaits(losses) });
  return { ...answer, ...explainDelays(input, lane, judged, { steps, stalls, outside, explain }) };
}

/** Stalls of a lane, and apart from them those in which most of the streams kept their pace. */
function believed(
  steps: EngineSteps | undefined,
  sharedBy: Coincidence['sharedBy'],
): { readonly stalls: readonly Stall[]; readonly contradicted: readonly Contradicted[] } {
  const stalls: Stall[] = [];
  const contradicted: Contradicted[] = [];
  for (const stall of steps === undefined ? [] : findStalls(steps)) {
    const shared = sharedBy(stall);
    if (shared !== undefined && 2 * shared.stalled < shared.decoding) contradicted.push({ start: stall.start, end: stall.end, ...shared });
    else stalls.push(stall);
  }
  return { stalls, contradicted };
}

/** How the engine goes on where nothing holds it up: the ends of the steps in which every running request gets a token, and their length. */
const paceOf = (steps: EngineSteps) => ({
  plainEnds: steps.end.filter((_, i) => steps.kind[i] === PLAIN && realAt(steps.duration, i) > 0),
  step: steps.normal.duration.median,
  least: leastDelay(steps),
});
