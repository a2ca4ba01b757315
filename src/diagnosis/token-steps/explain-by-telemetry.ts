import { itemAt, realAt, valueAt } from '#core/columns';
import { coverage, type Spans, spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { EngineSteps } from '#diagnosis/steps/engine-steps';
import type { CauseInIncident, CauseShare, ExplainedStall } from '#diagnosis/steps/explain-stalls';
import { makeUp, type Stall } from '#diagnosis/steps/stalls';
import type { Signal } from '#diagnosis/telemetry/signal';
import type { SignalTest } from '#diagnosis/telemetry/signal-tests';
import type { CauseOrRest } from '#schema/causes';
import type { TokenSteps } from './token-steps.ts';

/** What explains stalls where no trace was taken. */
interface Tools {
  readonly steps: EngineSteps;
  /** As clients saw them: whose prompts ended in them. */
  readonly seen: TokenSteps;
  /** Of all signals: those that may not be named are told as what stood out meanwhile. */
  readonly tests: readonly SignalTest[];
}

/** Explains stalls by telemetry and by prompts; the rest is unexplained. */
export const explainByTelemetry = (stalls: readonly Stall[], tools: Tools): readonly ExplainedStall[] =>
  stalls.map(stall => {
    const shares: CauseShare[] = [];
    const totals = new Map<CauseOrRest, Ns>();
    for (let i = stall.first; i <= stall.last; i++)
      for (const [bucket, excess] of makeUp(tools.steps, i)) {
        const cause: CauseOrRest = bucket === 'work' ? 'head-of-line' : bucket === 'unattributed' ? 'unexplained' : bucket;
        shares.push({ start: realAt(tools.steps.inUse, i), end: realAt(tools.steps.end, i), cause, excess });
        totals.set(cause, (totals.get(cause) ?? 0) + excess);
      }
    const causes = [...totals].map(([cause, excess]) => ({ cause, excess, ...toldOf(cause, stall, tools) }));
    return { start: stall.start, end: stall.end, excess: shares.reduce((s, x) => s + x.excess, 0), causes: ordered(causes), shares };
  });

/** What came once or twice may have come by a way that nobody saw. */
const FEWEST_MET = 3;

/** How sure a signal that may be named is. */
const confidenceIn = ({ met }: SignalTest): CauseInIncident['confidence'] => (met < FEWEST_MET ? 'low' : 'medium');

const ordered = (causes: readonly CauseInIncident[]): readonly CauseInIncident[] =>
  causes.toSorted((a, b) => Number(a.cause === 'unexplained') - Number(b.cause === 'unexplained') || b.excess - a.excess);

function toldOf(cause: CauseOrRest, { start, end }: Stall, { seen, tests }: Tools): Pick<CauseInIncident, 'subject' | 'confidence'> {
  if (cause === 'head-of-line') return { subject: longestPrompt(seen, start, end), confidence: 'medium' };
  const own = tests.find(t => t.signal.cause === cause);
  if (own !== undefined) return { subject: own.signal.subject(start, end), confidence: confidenceIn(own) };
  const meanwhile = tests.filter(t => coverage(t.signal.spans)(start, end) > 0).map(t => t.signal.subject(start, end));
  return {
    subject:
      meanwhile.length === 0
        ? 'no telemetry that points to a cause stood out meanwhile'
        : `meanwhile ${meanwhile.join('; ')}; whether that is why is not shown`,
    confidence: 'low',
  };
}

function longestPrompt({ cuts, counts }: TokenSteps, from: Ns, to: Ns): string {
  let most = 0;
  for (let i = 0; i < counts.prompt.length; i++)
    if (valueAt(cuts, i + 1) > from && valueAt(cuts, i + 1) <= to) most = Math.max(most, realAt(counts.prompt, i) || 0);
  return most > 0 ? `a step with a prompt of ${most} tokens` : 'a step with more work than usual';
}

/**
 * Where no steps are known: the stretches in which slow requests met a signal that may be named. What it can have cost each is its share of that
 * time at the most; the books cut it to what the request's work does not explain.
 * @param slow when slow requests were in flight
 */
export function meetings(slow: Spans, shown: readonly Signal[]): readonly ExplainedStall[] {
  const met = shown.map(signal => ({ signal, within: coverage(signal.spans) }));
  const together = spansOf(
    shown.flatMap(({ spans }) => Array.from({ length: spans.n }, (_, k) => [realAt(spans.start, k), realAt(spans.end, k)] as const)),
  );
  const inSlow = coverage(slow);
  return Array.from({ length: together.n }, (_, k) => [realAt(together.start, k), realAt(together.end, k)] as const)
    .filter(([start, end]) => inSlow(start, end) > 0)
    .map(([start, end]): ExplainedStall => {
      const main = itemAt(
        met.toSorted((a, b) => b.within(start, end) - a.within(start, end)),
        0,
      );
      const { cause } = main.signal;
      const excess = main.within(start, end) * main.signal.most(start, end);
      const subject = main.signal.subject(start, end);
      return { start, end, excess, causes: [{ cause, excess, subject, confidence: 'low' }], shares: [{ start, end, cause, excess }] };
    });
}
