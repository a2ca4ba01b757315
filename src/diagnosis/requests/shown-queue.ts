import { realAt } from '#core/columns';
import { coverage, spansOf, upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import { isOfPrompts } from '#diagnosis/steps/step-kinds';
import type { JudgedRequest } from './requests.ts';

/** The larger half of a wait says what it was for. */
const MOST: Share = 0.5;
/** Who is let in when another leaves is let in by the next step, and its first token comes with the one after. */
const STEPS_TO_ENTER = 2;

/**
 * Tells whether a request that waited is shown to have queued. The trace shows that in three ways: for most of the wait the engine worked on prompts, or had as many
 * requests as it ever had, or the wait was over when another request left and made room. Otherwise the engine could have let it in: whatever
 * kept it is not in the steps.
 * @param requests of the lane
 */
export function shownQueue(requests: readonly JudgedRequest[], steps: EngineSteps): (request: JudgedRequest) => boolean {
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
  const room = requests.reduce((most, r) => Math.max(most, running(r.served)), 0);
  // Between two moments at which somebody comes or goes the number stays.
  const moments = Float64Array.from([...served, ...left]).sort();
  const full = coverage(
    spansOf(
      [...moments.keys()].flatMap(k =>
        running(realAt(moments, k)) >= room ? [[realAt(moments, k), moments[k + 1] ?? Number.POSITIVE_INFINITY] as const] : [],
      ),
    ),
  );
  return ({ arrival, served: until }) => {
    const most = MOST * (until - arrival);
    const roomMade = upperBound(left, until) > upperBound(left, until - STEPS_TO_ENTER * step);
    return prompts(arrival, until) >= most || full(arrival, until) >= most || roomMade;
  };
}
