import jstat from 'jstat';
import type { Confidence } from '#core/math/confidence';
import { holm } from '#core/math/holm';
import type { Examined, Hypothesis, Lacking } from '#decide/storage/define';
import type { Experiment } from '#decide/storage/experiment';
import { hypotheses } from '#decide/storage/hypotheses/index.gen';
import type { StorageOpen, StorageVerdict } from '#schema/storage-analysis';

/** Each test is one-sided, and the 95 % interval says the same (ICH E9, 5.5); the family errs no more often. */
const LEVEL = 0.025;

/** A hypothesis and what became of it, without words. */
export interface Judged {
  readonly hypothesis: Hypothesis;
  readonly verdict: StorageVerdict;
  readonly why: StorageOpen | null;
  readonly found: Examined | null;
  /** Effect with its 95 % interval: a ratio or a correlation. */
  readonly effect: { readonly value: number; readonly low: number; readonly high: number } | null;
  /** One-sided levels, by Holm over all that were examined: that it does not hold; that its effect is as large as the smallest that matters. */
  readonly p: number | null;
  readonly p_small: number | null;
  /** Whether the effect is shown to be within the margin on both sides (two one-sided tests): "no effect". */
  readonly equivalent: boolean;
  /** How often an effect as large as the margin would be found with such noise and so many runs, at the strictest level of the family. */
  readonly power: number | null;
}

/** From the scale of tests to that of readers, and back. */
const SCALES = {
  ratio: { told: Math.exp, tested: Math.log },
  correlation: { told: Math.tanh, tested: Math.atanh },
} as const;

/** From the noise that the interval shows. */
function powerAt(effect: Confidence, freedom: number, margin: number, level: number): number | null {
  const t = jstat.jStat.studentt;
  const half = (effect.bound(1 - LEVEL) - effect.bound(LEVEL)) / 2;
  if (!Number.isFinite(half)) return 0;
  const error = half / t.inv(1 - LEVEL, freedom);
  return error > 0 ? 1 - t.cdf(t.inv(1 - level, freedom) - margin / error, freedom) : 1;
}

type Weighed = { readonly p: number; readonly p_small: number; readonly p_opposite: number };

function verdictOf({ p, p_small }: Weighed, found: Examined): Pick<Judged, 'verdict' | 'why'> {
  // What is shown to be smaller than anything that matters is no support, however sure it is that it is there.
  if (p_small <= LEVEL) return { verdict: 'refuted', why: null };
  if (p <= LEVEL) return { verdict: 'supported', why: null };
  // Where it stands at the end of what so few runs can show, it is repeats that are missing.
  return { verdict: 'inconclusive', why: found.p <= found.least_p ? 'least-level' : 'power' };
}

const open = (hypothesis: Hypothesis, why: Lacking): Judged => ({
  ...{ hypothesis, verdict: 'inconclusive', why, found: null, effect: null, p: null, p_small: null, equivalent: false, power: null },
});

/**
 * Examines every hypothesis on the runs of one model, and weighs them as one family. Supported: the effect is there (Holm 1979 over the
 * family). Refuted: it is shown to be smaller than the smallest that matters (a test of its own, by Holm too). All else is inconclusive: that an effect was
 * not found does not say that there is none.
 */
export function judge(experiment: Experiment, all: readonly Hypothesis[] = hypotheses): readonly Judged[] {
  const examined = all.map(hypothesis => ({ hypothesis, found: hypothesis.examine(experiment) }));
  const tested = examined.flatMap(({ hypothesis, found }) => (typeof found === 'string' ? [] : [{ hypothesis, found }]));
  const family = tested.length;
  const margins = tested.map(({ hypothesis }) => SCALES[hypothesis.scale].tested(hypothesis.margin));
  const [p, small, opposite] = [
    holm(tested.map(({ found }) => found.p)),
    holm(tested.map(({ found }, i) => found.effect.pAtLeast(margins[i] ?? 0))),
    holm(tested.map(({ found }, i) => found.effect.pAtMost(-(margins[i] ?? 0)))),
  ];
  const judged = new Map(
    tested.map(({ hypothesis, found }, i): [Hypothesis, Judged] => {
      const weighed = { p: p[i] ?? 1, p_small: small[i] ?? 1, p_opposite: opposite[i] ?? 1 };
      const { told } = SCALES[hypothesis.scale];
      const { estimate, bound } = found.effect;
      return [
        hypothesis,
        {
          ...{ hypothesis, found, ...verdictOf(weighed, found) },
          effect: { value: told(estimate), low: told(bound(LEVEL)), high: told(bound(1 - LEVEL)) },
          ...{ p: weighed.p, p_small: weighed.p_small, equivalent: weighed.p_small <= LEVEL && weighed.p_opposite <= LEVEL },
          power: powerAt(found.effect, found.freedom, margins[i] ?? 0, LEVEL / family),
        },
      ];
    }),
  );
  return examined.map(({ hypothesis, found }) => judged.get(hypothesis) ?? open(hypothesis, typeof found === 'string' ? found : 'not-run'));
}
