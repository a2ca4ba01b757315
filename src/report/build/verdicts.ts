import type { Detector, Input } from '#diagnosis/causes/define';
import type { Cause } from '#schema/causes';
import type { DetectorVerdict } from '#schema/report';

/** What each detector answers: found, looked and saw nothing, or could not look. */
export function verdictsOf(
  detectors: readonly Detector[],
  missing: (input: Input) => string | undefined,
  named: ReadonlySet<Cause>,
): DetectorVerdict[] {
  return detectors
    .toSorted((a, b) => a.precedence - b.precedence)
    .map(d => {
      const lacks = d.needs.flatMap(n => missing(n) ?? []);
      const less = Object.entries(d.helps ?? {}).flatMap(([input, what]) => (missing(input as Input) === undefined ? [] : [what]));
      const base = { detector: d.cause, cause: d.cause };
      if (named.has(d.cause)) return { ...base, verdict: 'found' as const, reason: [d.why, ...less].join(' But ') };
      if (lacks.length > 0) return { ...base, verdict: 'cannot-tell' as const, reason: [...new Set(lacks)].join('; ') };
      return {
        ...base,
        verdict: 'clear' as const,
        reason: less.length > 0 ? `Looked, and found nothing; but ${less.join('; ')}.` : 'Looked, and found nothing.',
      };
    });
}
