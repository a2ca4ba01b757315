import { median } from 'd3-array';
import { realAt, valueAt } from '#core/columns';
import { OUTLIER_SIGMAS } from '#core/math/normal-range';
import type { Ms, Ns } from '#core/units';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { excessOf, mainBucket, type Stall } from '#diagnosis/steps/stalls';
import { type ExpectedFit, fitExpected, type Work } from './expected.ts';
import type { JudgedRequest } from './requests.ts';

/** Which stalls matter, and what each request should have taken. */
export interface IncidentSelection {
  readonly fit: ExpectedFit;
  /** Excess beyond which a request is slow, and which a stall must reach to make one slow on its own. */
  readonly limitMs: Ms;
  readonly incidents: readonly Stall[];
  /** Expected time of each request. */
  readonly expectedMs: readonly Ms[];
  /** The part of it that is waiting for admission (or for the first token, where admission was not recorded). */
  readonly expectedWaitMs: readonly Ms[];
  /** What the expected time follows from: a fit on the requests' work, or the trace alone where their work is not known. */
  readonly by: 'work' | 'trace';
}

const MS = 1e6;
const ROUNDS = 10;
/** Stamps of two programs agree no better than this: where the fit leaves nothing over, rounding must not make requests slow. */
const LEAST_LIMIT_MS = 0.1;

/** Delay that a stall put on a request: the excess of its steps, as far as they lie in the request's life. */
export function delayOf(steps: EngineSteps, stall: Stall, from: Ns, to: Ns): Ms {
  if (to <= stall.start || from >= stall.end) return 0;
  let delay = 0;
  for (let i = stall.first; i <= stall.last; i++) {
    const a = realAt(steps.start, i);
    const b = realAt(steps.end, i);
    const shared = Math.min(b, to) - Math.max(a, from);
    if (shared > 0) delay += excessOf(steps, i) * (shared / (b - a));
  }
  return delay / MS;
}

/** What a request's wait should have been: until admission no more than one step; until the first token what its prompt takes. */
function expectedWaits(requests: readonly JudgedRequest[], steps: EngineSteps | undefined, delay: (from: Ns, to: Ns) => Ms): readonly Ms[] {
  const waits = requests.map(r => (r.served - r.arrival) / MS - delay(r.arrival, r.served));
  if (requests.some(r => r.scheduled === undefined) && requests.some(r => r.firstToken !== undefined)) {
    const works = requests.map(r => ({ prompt: r.work.prompt, output: null, batch: null }));
    const fit = fitExpected(works, waits);
    return works.map(w => Math.max(0, fit.predict(w)));
  }
  const oneStep = steps === undefined ? Number.POSITIVE_INFINITY : steps.normal.duration.median / MS;
  const usual = Math.max(0, Math.min(median(waits) ?? 0, oneStep));
  return waits.map(() => usual);
}

/**
 * Fits the expected time of requests and decides which stalls are incidents: those in which one cause alone cost enough to
 * make a request slow. A long string of small delays of several kinds is noise, not an incident.
 *
 * The two depend on each other (the noise of the fit sets the limit, the incidents must not enter the noise), so it starts with
 * every stall taken out and puts back those that are too small to matter, until nothing changes. Starting from this side
 * also holds when most requests were delayed, where a robust fit of the raw times would take the delay for normal.
 * Only the time in service is fitted: waiting for admission is not the request's own work.
 */
export function selectIncidents(
  requests: readonly JudgedRequest[],
  steps: EngineSteps | undefined,
  stalls: readonly Stall[],
): IncidentSelection {
  const works: readonly Work[] = requests.map(r => r.work);
  const weight = stalls.map(h => (steps === undefined ? 0 : mainBucket(steps, h.first, h.last).excess / MS));
  if (steps !== undefined && works.every(w => w.prompt === null && w.output === null)) return byTrace(requests, steps, stalls, weight);
  let chosen: ReadonlySet<number> = new Set(stalls.keys());
  for (let round = 0; ; round++) {
    const taken = [...chosen].map(h => stalls[h]).filter(h => h !== undefined);
    const delay = (from: Ns, to: Ns) => (steps === undefined ? 0 : taken.reduce((s, h) => s + delayOf(steps, h, from, to), 0));
    const fit = fitExpected(
      works,
      requests.map(r => (r.end - r.served) / MS - delay(r.served, r.end)),
    );
    const limitMs = Math.max(LEAST_LIMIT_MS, OUTLIER_SIGMAS * fit.sigma);
    const next = new Set([...chosen].filter(h => valueAt(weight, h) >= limitMs));
    if (next.size === chosen.size || round === ROUNDS) {
      const waits = expectedWaits(requests, steps, delay);
      return {
        fit,
        limitMs,
        incidents: taken,
        expectedMs: works.map((w, i) => fit.predict(w) + valueAt(waits, i)),
        expectedWaitMs: waits,
        by: 'work',
      };
    }
    chosen = next;
  }
}

/** A stall without requests' work to judge it by counts as an incident when it cost this many normal steps. */
export const STEPS_WITHOUT_WORK = 10;

/**
 * Without the lengths of prompts and answers nothing tells a long request from a slow one, and the spread of their times is no noise. What
 * the trace shows as stalled is then all that is accounted for: a request should have taken its time less those stalls.
 */
function byTrace(
  requests: readonly JudgedRequest[],
  steps: EngineSteps,
  stalls: readonly Stall[],
  weight: readonly Ms[],
): IncidentSelection {
  const limitMs = Math.max(LEAST_LIMIT_MS, (STEPS_WITHOUT_WORK * steps.normal.duration.median) / MS);
  const incidents = stalls.filter((_, h) => valueAt(weight, h) >= limitMs);
  const delay = (from: Ns, to: Ns) => incidents.reduce((s, h) => s + delayOf(steps, h, from, to), 0);
  const times = requests.map(r => (r.end - r.served) / MS - delay(r.served, r.end));
  const expectedWaitMs = requests.map(r => (r.served - r.arrival) / MS - delay(r.arrival, r.served));
  return {
    fit: fitExpected(
      requests.map(r => r.work),
      times,
    ),
    limitMs,
    incidents,
    expectedMs: times.map((t, i) => t + valueAt(expectedWaitMs, i)),
    expectedWaitMs,
    by: 'trace',
  };
}
