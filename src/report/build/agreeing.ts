import { type Report, ReportShape } from '#schema/report';
import { contradictionsOf } from '#schema/report-invariants';

/**
 * A report in its shape. Where it contradicts itself it says so first among what cannot be told: one figure that cannot be is no reason to lose the others.
 * @throws ZodError where it has not its shape
 */
export function agreeing(report: Report): Report {
  const whole = ReportShape.parse(report);
  const against = contradictionsOf(whole).map(
    message => `Whether this report is right: ${message}. That is a bug of forensics; do not rely on that figure, and report it.`,
  );
  return against.length === 0 ? whole : { ...whole, cannot_tell: [...against, ...whole.cannot_tell] };
}
