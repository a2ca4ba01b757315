import { count } from '#core/format/numbers';
import type { Cause } from '#schema/causes';
import type { Collectives } from '#schema/collectives';

/** Time that ranks lost to a late one, as a cause of the report. */
export interface CollectiveCause {
  readonly cause: Extract<Cause, 'collective-wait'>;
  /** The late rank, how often, and its own cause. */
  readonly subject: string;
  readonly rank: string;
  readonly own: string;
  readonly ms: number;
}

/** The late ranks as causes, the longest wait first. Jitter is nobody's. */
export const collectiveCauses = (c: Pick<Collectives, 'late'>): readonly CollectiveCause[] =>
  c.late
    .map(l => ({
      cause: 'collective-wait' as const,
      subject: `${l.rank}, late ${count(l.count, 'time')}: ${l.cause} (${l.why})`,
      rank: l.rank,
      own: l.cause,
      ms: l.wait_ms,
    }))
    .toSorted((a, b) => b.ms - a.ms || (a.rank < b.rank ? -1 : 1));
