import { ms } from '#core/format/numbers';
import type { DetectorVerdict } from '#schema/report';

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
