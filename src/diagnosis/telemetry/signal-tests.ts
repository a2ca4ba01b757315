import { realAt } from '#core/columns';
import { benjaminiHochberg } from '#core/math/benjamini-hochberg';
import { enrichment } from '#core/math/enrichment';
import { coverage, intersect, measure, type Spans, spansOf } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { Signal } from './signal.ts';

/** Whether a signal lay where requests were held up more than chance would put it there. */
export interface SignalTest {
  readonly signal: Signal;
  /** How long it was beyond its usual in the time observed, and how long that lay where requests were held up. */
  readonly stoodOut: Ns;
  readonly together: Ns;
  /** In how many separate stretches it met them. */
  readonly met: number;
  /** How long requests were held up in the time observed. */
  readonly slow: Ns;
  /** How often chance does as well, corrected for all signals that were tested; undefined where there was nothing to compare. */
  readonly p: Share | undefined;
  /**
   * How often chance does as well where a signal went with every stretch and with nothing else: what these data can show at the best, corrected
   * likewise. Above the rate of false ones no signal can be shown.
   */
  readonly best: Share | undefined;
  /** It may be named. */
  readonly isShown: boolean;
}

/** A cause is an accusation, an association a place to look: of causes named so, at most this share is named wrongly, as for late ranks and queues. */
export const NAMED_WRONGLY: Share = 0.01;

/**
 * Tests signals against the stretches in which requests were held up: circular shifts (see enrichment), Benjamini-Hochberg over all of them.
 * Whether a signal could have been shown at all is part of the answer.
 * @param slowFor when requests were held up, as far as a signal may have to do with it
 * @param range the time that requests and telemetry both saw
 */
export function testSignals(
  signals: readonly Signal[],
  slowFor: (signal: Signal) => Spans,
  range: readonly [Ns, Ns],
): readonly SignalTest[] {
  const tried = signals.map(signal => {
    const spans = intersect(signal.spans, spansOf([range]));
    const slow = intersect(slowFor(signal), spansOf([range]));
    const together = measure(intersect(spans, slow));
    const inSlow = coverage(slow);
    const met = spans.start.filter((start, i) => inSlow(start, realAt(spans.end, i)) > 0).length;
    return {
      signal,
      stoodOut: measure(spans),
      together,
      met,
      slow: measure(slow),
      p: enrichment(slow, spans, range)?.p,
      best: enrichment(slow, slow, range)?.p,
    };
  });
  const tested = tried.flatMap(t => t.p ?? []);
  const corrected = benjaminiHochberg(tested, NAMED_WRONGLY);
  let next = 0;
  return tried.map(t => {
    const k = t.p === undefined ? undefined : next++;
    const p = k === undefined ? undefined : (corrected.adjusted[k] ?? 1);
    const isShown = k !== undefined && corrected.rejected[k] === true && t.together > 0;
    return { ...t, p, best: t.best === undefined ? undefined : Math.min(1, t.best * Math.max(1, tested.length)), isShown };
  });
}
