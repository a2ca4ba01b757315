import { ms } from '#core/format/numbers';
import type { DetectorVerdict } from '#schema/report';

/** What the verdicts mean, where they first stand. */
export const VERDICT_TERMS =
  '“Clear above 12 ms” means looked, and no delay of that length or more was there; “minor” means that it took time, but no stretch stood out for it; “cannot tell” means that the data did not allow to look.';

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
