import { itemAt, realAt, valueAt } from '#core/columns';
import { extremeOf, OUTLIER_SIGMAS } from '#core/math/normal-range';
import { type Spans, upperBound } from '#core/math/spans';
import type { Ms, Ns } from '#core/units';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { isIncident, leastDelay, ROUND_OF_SCHEDULER_MS } from '#diagnosis/steps/is-incident';
import { excessOf, type Stall } from '#diagnosis/steps/stalls';
import { type ExpectedFit, fitExpected, type Work } from './expected.ts';
import type { JudgedRequest } from './requests.ts';
import { shownQueue } from './shown-queue.ts';

/** How long requests should have taken, by their work. */
interface ExpectedByWork {
  readonly fit: ExpectedFit;
  /** Expected time of each request, its usual wait included. */
  readonly expectedMs: readonly Ms[];
}

/** Which stalls matter, and what each request should have waited and taken. */
export interface IncidentSelection {
  /** Excess beyond which a request is slow. */
  readonly limitMs: Ms;
  readonly incidents: readonly Stall[];
  /** The usual wait of each request for admission (or for the first token, where admission was not recorded). */
  readonly expectedWaitMs: readonly Ms[];
  /** Waits are told apart from the usual no finer than this. */
  readonly waitLimitMs: Ms;
  /** Whether a request that waited is shown to have queued. */
  readonly isQueue: (request: JudgedRequest) => boolean;
  /** Where the trace shows no steps, a fit on the requests' work says how long they should have taken; undefined where steps say it. */
  readonly byWork: ExpectedByWork | undefined;
}

const MS = 1e6;

/** Delay that a stall put on a request: the excess of its steps, as far as they lie in the request's life. */
export function delayOf(steps: EngineSteps, stall: Stall, from: Ns, to: Ns): Ms {
  if (to <= stall.start || from >= stall.end) return 0;
  let delay = 0;
  // A stall may last for thousands of steps, and a request meet a few of them.
  for (let i = Math.max(stall.first, upperBound(steps.end, from)); i <= stall.last; i++) {
    const a = realAt(steps.inUse, i);
    const b = realAt(steps.end, i);
    if (a >= to) break;
    const shared = Math.min(b, to) - Math.max(a, from);
    if (shared > 0) delay += excessOf(steps, i) * (shared / (b - a));
  }
  return delay / MS;
}

/** Delay that stalls, in order of time, put on a request: the first that reaches into its life is found by bisection. */
function delayIn(steps: EngineSteps, stalls: readonly Stall[], from: Ns, to: Ns): Ms {
  let [low, high] = [0, stalls.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (itemAt(stalls, middle).end <= from) low = middle + 1;
    else high = middle;
  }
  let delay = 0;
  for (let k = low; k < stalls.length && itemAt(stalls, k).start < to; k++) delay += delayOf(steps, itemAt(stalls, k), from, to);
  return delay;
}

interface Waits {
  readonly expectedMs: readonly Ms[];
  readonly limitMs: Ms;
}

/**
 * What a request's wait should have been. Who arrives while a step runs waits until it ends; the first token comes with the end of the next one.
 * Prompts that take several steps make the first token wait longer, in proportion.
 */
function expectedWaits(requests: readonly JudgedRequest[], steps: EngineSteps | undefined, delay: (from: Ns, to: Ns) => Ms): Waits {
  const leastMs = steps === undefined ? ROUND_OF_SCHEDULER_MS : leastDelay(steps) / MS;
  const isAdmissionKnown = requests.every(r => r.scheduled !== undefined);
  // What an incident makes of the step under way is no usual wait: it is told apart as a delay.
  const inStep = requests.map(r => {
    if (steps === undefined) return 0;
    const end = endOfStep(steps, r.arrival, isAdmissionKnown ? 0 : 1);
    return Math.max(0, (end - r.arrival) / MS - delay(r.arrival, end));
  });
  const beyond = requests.map((r, i) => (r.served - r.arrival) / MS - delay(r.arrival, r.served) - valueAt(inStep, i));
  if (isAdmissionKnown) return { expectedMs: inStep, limitMs: leastMs };
  const works = requests.map(r => ({ prompt: r.work.prompt, output: null, batch: null }));
  const fit = fitExpected(works, beyond);
  const expectedMs = works.map((w, i) => valueAt(inStep, i) + Math.max(0, fit.predict(w)));
  const rest = requests.map((r, i) => Math.max(0, (r.served - r.arrival) / MS - delay(r.arrival, r.served) - valueAt(expectedMs, i)));
  return { expectedMs, limitMs: Math.max(leastMs, extremeOf(Float64Array.from(rest).sort())) };
}

/** When the step in which t lies ends, or the `later`-th after it. */
const endOfStep = (steps: EngineSteps, t: Ns, later: number): Ns =>
  realAt(steps.end, Math.min(steps.n - 1, Math.max(0, upperBound(steps.start, t) - 1) + later));

/**
 * Decides which stalls are incidents: those that lost more than the noise of the steps brings about, and more than a round of the
 * scheduler. Requests play no part in it: where prefills of others interleave, their times scatter by hundreds of milliseconds, and a stall of
 * thirty sigmas of a step would be lost in that.
 * @param held when requests or tokens were held up outside the engine
 */
export function selectIncidents(
  requests: readonly JudgedRequest[],
  steps: EngineSteps | undefined,
  stalls: readonly Stall[],
  held?: Spans,
): IncidentSelection {
  const incidents = steps === undefined ? [] : stalls.filter(h => isIncident(steps, h));
  const delay = (from: Ns, to: Ns) => (steps === undefined ? 0 : delayIn(steps, incidents, from, to));
  const waits = expectedWaits(requests, steps, delay);
  const byWork = steps === undefined ? expectedByWork(requests, waits) : undefined;
  return {
    limitMs: steps === undefined ? Math.max(ROUND_OF_SCHEDULER_MS, OUTLIER_SIGMAS * (byWork?.fit.sigma ?? 0)) : leastDelay(steps) / MS,
    incidents,
    expectedWaitMs: waits.expectedMs,
    waitLimitMs: waits.limitMs,
    isQueue: steps === undefined ? () => false : shownQueue(requests, steps, waitedLong(requests, waits, delay), held),
    byWork,
  };
}

/** Those that waited for longer than is usual, incidents left out. */
const waitedLong = (
  requests: readonly JudgedRequest[],
  { expectedMs, limitMs }: Waits,
  delay: (from: Ns, to: Ns) => Ms,
): readonly JudgedRequest[] =>
  requests.filter((r, i) => (r.served - r.arrival) / MS - delay(r.arrival, r.served) - valueAt(expectedMs, i) > limitMs);

function expectedByWork(requests: readonly JudgedRequest[], waits: Waits): ExpectedByWork {
  const works: readonly Work[] = requests.map(r => r.work);
  const fit = fitExpected(
    works,
    requests.map(r => (r.end - r.served) / MS),
  );
  return { fit, expectedMs: works.map((w, i) => fit.predict(w) + valueAt(waits.expectedMs, i)) };
}
