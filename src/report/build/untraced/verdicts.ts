import { msOf, percent, seconds } from '#core/format/numbers';
import type { Detector } from '#diagnosis/causes/define';
import { NAMED_WRONGLY, type SignalTest } from '#diagnosis/telemetry/signal-tests';
import type { DetectorVerdict } from '#schema/report';
import { type Grounds, verdictsOf } from '../verdicts.ts';

const chance = (p: number) => (p < 0.001 ? 'less than 0.1 %' : percent(p));

/** Why a signal that stood out where requests were delayed may not be named. */
function notShown({ stoodOut, together, slow, p, best }: SignalTest): string {
  const seen = `it was seen for ${seconds(stoodOut / 1e6)}, of which ${msOf(together)} lie in the ${msOf(slow)} in which slow requests ran`;
  const power =
    best === undefined || best > NAMED_WRONGLY
      ? '; so few stretches could show nothing, whatever went with them: a longer run can'
      : `; a cause of all of them would show (chance: ${chance(best)})`;
  return p === undefined
    ? `${seen}, and nothing is left to compare that with`
    : `${seen}; chance alone does as well in ${chance(p)} of cases${power}`;
}

/**
 * What each detector answers where no trace was taken: what only a trace shows is open, and a signal that stood out beside slow requests without being
 * shown to go with them clears nobody.
 */
export function untracedVerdicts(detectors: readonly Detector[], grounds: Grounds, tests: readonly SignalTest[]): DetectorVerdict[] {
  const byCause = new Map(tests.map(t => [t.signal.cause, t]));
  return verdictsOf(detectors, grounds).map((verdict): DetectorVerdict => {
    const test = byCause.get(verdict.cause);
    if (test === undefined || verdict.verdict === 'found' || grounds.missing('requests') !== undefined) return verdict;
    if (test.together > 0) return { ...verdict, verdict: 'cannot-tell', clear_above_ms: null, reason: notShown(test) };
    const reason = test.stoodOut > 0 ? 'It stood out, and not while requests were delayed.' : 'Looked, and nothing of it stood out.';
    return { ...verdict, verdict: 'clear', reason };
  });
}
