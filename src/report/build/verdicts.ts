import { ms, percent } from '#core/format/numbers';
import type { Ms } from '#core/units';
import type { Detector, Input } from '#diagnosis/causes/define';
import { ROUND_OF_SCHEDULER_MS } from '#diagnosis/steps/is-incident';
import type { Visible } from '#diagnosis/steps/visible';
import { type Cause, WAITING_CAUSE } from '#schema/causes';
import type { DetectorVerdict } from '#schema/report';
import type { Missing } from './missing-inputs.ts';

/** What the verdicts rest on. */
export interface Grounds {
  readonly missing: Missing;
  /** Causes that the report names anywhere. */
  readonly named: ReadonlySet<Cause>;
  /** What engine steps can show of each cause; undefined where there are none to compare. */
  readonly visible: ReadonlyMap<Cause, Visible> | undefined;
  /** Waits for admission are told apart from the usual no finer than this; undefined where no request was judged. */
  readonly waitLimitMs: Ms | undefined;
  /** Ranks were compared, or a pipeline's devices: losses were looked at without steps. */
  readonly comparedRanks: boolean;
}

const NO_STEPS = 'no steps of the engine could be compared: results come back too seldom, or from nothing that the trace shows';

/** What each detector answers: found, saw a little, looked and saw nothing, or could not look. */
export const verdictsOf = (detectors: readonly Detector[], grounds: Grounds): DetectorVerdict[] =>
  detectors.toSorted((a, b) => a.precedence - b.precedence).map(d => verdictOf(d, grounds));

function verdictOf(d: Detector, grounds: Grounds): DetectorVerdict {
  const { missing, named, comparedRanks } = grounds;
  const lacks = d.needs.flatMap(n => missing(n) ?? []);
  const less = Object.entries(d.helps ?? {}).flatMap(([input, what]) => (missing(input as Input) === undefined ? [] : [what]));
  const seen = grounds.visible?.get(d.cause);
  const above = aboveOf(d.cause, grounds);
  const base = { detector: d.cause, cause: d.cause, lost_ms: seen?.lostMs ?? null, clear_above_ms: null };
  if (named.has(d.cause)) return { ...base, verdict: 'found', reason: [d.why, ...less].join(' But ') };
  if (lacks.length > 0) return { ...base, verdict: 'cannot-tell', reason: [...new Set(lacks)].join('; ') };
  if (above === undefined && !comparedRanks) return { ...base, verdict: 'cannot-tell', reason: NO_STEPS };
  const but = less.length > 0 ? `; but ${less.join('; ')}` : '';
  if (seen !== undefined && seen.lostMs >= ROUND_OF_SCHEDULER_MS) {
    const took = `It took ${ms(seen.lostMs)} in all (${percent(seen.share)} of the time), and at most ${ms(seen.mostMs)} more than usual in one step`;
    return { ...base, verdict: 'minor', clear_above_ms: above ?? null, reason: `${took}: too little at once for an incident${but}.` };
  }
  return {
    ...base,
    verdict: 'clear',
    clear_above_ms: above ?? null,
    reason: above === undefined ? `Looked, and found nothing${but}.` : `Looked, and nothing of it took that long at once${but}.`,
  };
}

/** The least delay by this cause that would have been found, ms. */
const aboveOf = (cause: Cause, { visible, waitLimitMs }: Grounds): Ms | undefined =>
  cause === WAITING_CAUSE ? waitLimitMs : visible?.get(cause)?.aboveMs;
