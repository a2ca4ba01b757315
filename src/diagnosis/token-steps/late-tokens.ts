import { quantile } from 'd3-array';
import { realAt } from '#core/columns';
import { coverage, type Spans, spansOf } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import { type EngineSteps, findEngineSteps } from '#diagnosis/steps/engine-steps';
import type { Signal } from '#diagnosis/telemetry/signal';
import { hasFlag } from '#schema/causes';
import type { TokenSteps } from './token-steps.ts';

/** A stretch by which a step was late. */
interface Late {
  readonly start: Ns;
  readonly end: Ns;
}

const loss = ({ start, end }: Late, signal: Signal | undefined): AttributedLoss => ({
  ...{ start, end, loss: { kind: 'unknown', start, end } },
  cause: signal?.cause,
  attribution: signal && { subject: signal.subject(start, end), confidence: 'medium' },
});

/** A power cap in a step that takes so many usual ones is what other work, or more of it, brings with it (the fence of normal-steps.ts): it is no cause of its own. */
const MUCH_MORE = 10;

const isSustained = ({ cause }: Signal): boolean => hasFlag(cause, 'sustained');

/**
 * By how much steps were late that stand out, and whose that is. What slows many steps a little need not stand out in any.
 * @param shown signals that may be named, the specific before the general
 */
function lateness({ cuts, duration, late: all, limit, usual }: TokenSteps, shown: readonly Signal[]): readonly AttributedLoss[] {
  const out: AttributedLoss[] = [];
  for (const [i, length] of duration.entries()) {
    const late = Math.min(length, realAt(all, i));
    if (!(late > 0)) continue;
    const [start, end] = [realAt(cuts, i), realAt(cuts, i + 1)];
    const standsOut = late > realAt(limit, i);
    const isMore = length > MUCH_MORE * realAt(usual, i);
    const signal = shown.find(
      s => (standsOut || isSustained(s)) && coverage(s.spans)(start, end) > 0 && !(isMore && s.followsWork(start, end)),
    );
    // A clock that is down by a quarter can have cost a quarter of the step, and no more.
    const most = signal === undefined ? 0 : Math.min(late, length * signal.most(start, end));
    if (standsOut && most < late) out.push(loss({ start: end - late, end: end - most }, undefined));
    if (most > 0) out.push(loss({ start: end - most, end }, signal));
  }
  return out;
}

/**
 * Token steps as steps of the engine: by what they were late is lost to a signal that may be named, or to nobody.
 * @param requests that lived in the window
 */
export function asEngineSteps(
  steps: TokenSteps,
  inFlight: Spans,
  requests: number,
  shown: readonly Signal[] = [],
): EngineSteps | undefined {
  const { cuts } = steps;
  const [from, to] = [realAt(cuts, 0), realAt(cuts, cuts.length - 1)];
  return findEngineSteps(cuts.subarray(1, -1), lateness(steps, shown), inFlight, from, to, undefined, requests);
}

/** What slows many steps a little is looked for among the slower half of them. */
const SLOWER: Share = 0.5;

/** When steps were slow: what a signal is held against. The first and the last step are cut by the window's edges. */
export function slowStretches({ cuts, duration, late, limit }: TokenSteps, signal: Signal): Spans {
  const used = [...duration.keys()].slice(1, -1).filter(i => realAt(duration, i) > 0);
  const half = quantile(used, SLOWER, i => realAt(late, i)) ?? 0;
  const isSlow = (i: number) => realAt(late, i) > (isSustained(signal) ? Math.max(0, half) : realAt(limit, i));
  return spansOf(used.filter(isSlow).map(i => [realAt(cuts, i), realAt(cuts, i + 1)] as const));
}
