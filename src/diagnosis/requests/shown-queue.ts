import { sum } from 'd3-array';
import { realAt } from '#core/columns';
import { binomialTail } from '#core/math/binomial-tail';
import { coverage, NO_SPANS, type Spans, spansOf, subtract, upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { isOfPrompts } from '#diagnosis/steps/step-kinds';
import type { JudgedRequest } from './requests.ts';

/** The larger half of a wait says what it was for. */
const MOST: Share = 0.5;
/** Who is let in when another leaves is let in by the next step, and its first token comes with the one after. */
const STEPS_TO_ENTER = 2;

/** How often those who waited for no room may seem to have: somebody leaves every few steps. */
const BY_CHANCE = 0.01;

/**
 * Tells whether a request that waited is shown to have queued. The trace shows that in three ways: for most of the wait the engine worked on prompts, or had as many
 * requests as it ever had, or the wait was over when another request left and made room, if more of those who waited were let in so than
 * chance would have it. Otherwise the engine could have let it in: whatever kept it is not in the steps.
 * @param requests of the lane
 * @param waited those of them that waited for longer than is usual
 * @param held when requests or tokens were held up outside the engine
 */
export function shownQueue(
  requests: readonly JudgedRequest[],
  steps: EngineSteps,
  waited: readonly JudgedRequest[],
  held: Spans = NO_SPANS,
): (request: JudgedRequest) => boolean {
  const prompts = coverage(
    spansOf(
      [...steps.kind.keys()].filter(i => isOfPrompts(steps.kind[i])).map(i => [realAt(steps.start, i), realAt(steps.end, i)] as const),
    ),
  );
  const served = Float64Array.from(requests, r => r.served).sort();
  const step = steps.normal.duration.median;
  // The engine had let go of a request before its client had the last token.
  const left = Float64Array.from(requests, r => r.end - step).sort();
  const running = (t: Ns) => upperBound(served, t) - upperBound(left, t);
  // While tokens do not leave, those who are done seem to run: how many there are is not known.
  const isUnknown = coverage(held);
  const known = requests.filter(r => isUnknown(r.served, r.served + 1) === 0);
  const room = known.reduce((most, r) => Math.max(most, running(r.served)), 0);
  // Between two moments at which somebody comes or goes the number stays.
  const moments = Float64Array.from([...served, ...left]).sort();
  const whenFull = spansOf(
    [...moments.keys()].flatMap(k =>
      running(realAt(moments, k)) >= room ? [[realAt(moments, k), moments[k + 1] ?? Number.POSITIVE_INFINITY] as const] : [],
    ),
  );
  const full = coverage(subtract(whenFull, held));
  const isBusy = ({ arrival, served: until }: JudgedRequest) => {
    const most = MOST * (until - arrival);
    return prompts(arrival, until) >= most || full(arrival, until) >= most;
  };
  const enters = STEPS_TO_ENTER * step;
  // Who was done before, and got the last token when the others got theirs, made no room then.
  const leaves = left.filter(t => isUnknown(t, t + 1) === 0);
  const isRoomMade = ({ served: until }: JudgedRequest) => upperBound(leaves, until) > upperBound(leaves, until - enters);
  // By chance a wait ends soon after somebody left as often as any moment of it lies there; the leave that ended it is one of them.
  const afterLeave = coverage(spansOf(Array.from(leaves, t => [t, t + enters] as const)));
  const others = oneEach(
    waited.filter(r => !isBusy(r)),
    enters,
  );
  const chance = sum(others, r => afterLeave(r.arrival, r.served + enters)) / sum(others, r => r.served + enters - r.arrival);
  const waitForRoom =
    others.length > 0 && binomialTail(others.length, others.filter(isRoomMade).length / others.length, chance) <= BY_CHANCE;
  return request => isBusy(request) || (waitForRoom && isRoomMade(request));
}

/** One of those who were let in together: what let them in is one event. */
const oneEach = (waited: readonly JudgedRequest[], together: Ns): readonly JudgedRequest[] =>
  waited
    .toSorted((a, b) => a.served - b.served)
    .filter((r, k, sorted) => k === 0 || r.served - (sorted[k - 1]?.served ?? Number.NEGATIVE_INFINITY) > together);
