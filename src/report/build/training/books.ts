import { getOrCompute } from '#core/get-or-compute';
import type { Share } from '#core/units';
import type { CauseOrRest } from '#schema/causes';
import type { Training } from '#schema/training';

type Slow = Training['slow'][number];
type Part = Slow['causes'][number] & { readonly rank: string };

/** A cause that holds less of a step's excess beside others is a by-product: it counts in milliseconds and makes no step its own. */
const COUNTS: Share = 0.1;

/** The excess of all slow steps by cause, the largest first, the rest last: the parts add up to the whole. */
export function booksOfSteps(slow: readonly Slow[]): Pick<Training, 'excess_ms' | 'books'> {
  const excess_ms = slow.reduce((s, x) => s + x.excess_ms, 0);
  const byCause = new Map<CauseOrRest, Part[]>();
  for (const s of slow) for (const c of s.causes) getOrCompute(byCause, c.cause, () => [] as Part[]).push({ ...c, rank: s.rank });
  const books = [...byCause].map(([cause, parts]) => {
    const sum = parts.reduce((s, p) => s + p.excess_ms, 0);
    const largest = parts.reduce((a, b) => (b.excess_ms > a.excess_ms ? b : a));
    const telling = parts.filter(p => p.share >= COUNTS);
    return {
      cause,
      steps: telling.length,
      excess_ms: sum,
      share: excess_ms > 0 ? sum / excess_ms : 0,
      subject: largest.subject,
      ranks: [...new Set((telling.length > 0 ? telling : parts).map(p => p.rank))].sort(),
    };
  });
  return {
    excess_ms,
    books: books.toSorted((a, b) => Number(a.cause === 'unexplained') - Number(b.cause === 'unexplained') || b.excess_ms - a.excess_ms),
  };
}
