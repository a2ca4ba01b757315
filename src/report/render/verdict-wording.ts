import { ms } from '#core/format/numbers';
import type { DetectorVerdict, Report } from '#schema/report';
import { causeTitle } from './wording.ts';

/** What the verdicts mean, where they first stand. */
export const VERDICT_TERMS =
  '“Clear above X ms”: the data hold no delay of X ms or more. “Minor”: some time was lost, but too little at once for an incident. “Cannot tell”: the data for it were not recorded.';

/** A verdict in a few words, with the size that it holds for. */
export function verdictWords({ verdict, lost_ms, clear_above_ms }: DetectorVerdict): string {
  switch (verdict) {
    case 'found':
      return 'found';
    case 'minor':
      return lost_ms === null ? 'minor' : `minor: ${ms(lost_ms)}`;
    case 'clear':
      return clear_above_ms === null ? 'clear' : `clear above ${ms(clear_above_ms)}`;
    case 'cannot-tell':
      return 'cannot tell';
  }
}

/** Causes that the report names and no detector of one has a row for; '' where there are none. */
export function withoutDetector({ causes, detectors }: Pick<Report, 'causes' | 'detectors'>): string {
  const rows = new Set(detectors.map(d => d.cause));
  const others = [...new Set(causes.map(c => c.cause))].filter(c => !rows.has(c)).map(causeTitle);
  if (others.length === 0) return '';
  return `${others.join(', ')}: no row here. ${others.length === 1 ? 'It is' : 'They are'} read from several devices, or from waits that belong to no engine step.`;
}
