import { count } from '#core/format/numbers';
import type { Share } from '#core/units';
import { CAUSE_TEXT, type Cause } from '#schema/causes';
import type { Collectives } from '#schema/collectives';

/** Time that ranks lost to a late one, as a cause of the report. */
export interface CollectiveCause {
  readonly cause: Extract<Cause, 'collective-wait'>;
  /** The late rank, how often, and its own cause. */
  readonly subject: string;
  readonly rank: string;
  readonly own: string;
  /** What the others waited for it, all of them together. */
  readonly ms: number;
  /** Of the waiting of all ranks in collectives. */
  readonly share: Share;
  /** What to do first about its own cause; null where that is not known. */
  readonly action: string | null;
}

/** What all ranks waited for a late one, of all their waiting: `wait_ms` of a rank is a sum over the others, that of all is a mean. */
export const shareOfWaiting = (waited_ms: number, c: Pick<Collectives, 'wait_ms' | 'ranks'>): Share =>
  c.wait_ms > 0 ? Math.min(1, waited_ms / (c.wait_ms * c.ranks.length)) : 0;

/** The late ranks as causes, the longest wait first. Jitter is nobody's. */
export const collectiveCauses = (c: Pick<Collectives, 'late' | 'wait_ms' | 'ranks'>): readonly CollectiveCause[] =>
  c.late
    .map(l => ({
      cause: 'collective-wait' as const,
      subject: `${l.rank}, late ${count(l.count, 'time')}: ${l.cause} (${l.why})`,
      rank: l.rank,
      own: l.cause,
      ms: l.wait_ms,
      share: shareOfWaiting(l.wait_ms, c),
      action:
        l.cause === 'unexplained'
          ? null
          : `On ${l.rank}: ${CAUSE_TEXT[l.cause].action.charAt(0).toLowerCase()}${CAUSE_TEXT[l.cause].action.slice(1)}`,
    }))
    .toSorted((a, b) => b.ms - a.ms || (a.rank < b.rank ? -1 : 1));
