import type { CauseOrRest } from '#schema/causes';
import type { Loss } from './loss.ts';

/** A rank that came late to a collective, as the comparison of all ranks found it. */
export interface Late {
  /** The late rank. */
  readonly rank: string;
  /** What kept that rank, and how it is known. */
  readonly cause: CauseOrRest;
  readonly why: string;
}

/** A collective's kernel that spun for a late rank. */
export interface LateWait extends Late {
  /** Index of the waiting kernel in GpuOps. */
  readonly op: number;
  /** How long it spun, from its own start on, ns. */
  readonly ns: number;
}

/** When a late rank kept the others waiting: from when they had come until it came, ns. */
export interface Lateness extends Late {
  readonly device: number;
  readonly process: number;
  readonly from: number;
  readonly to: number;
}

/**
 * What a lane lost while its own rank was the late one, as what it is to all of them: a wait for that rank. Whichever rank's lane
 * is followed, the same delay of the same requests has the same name.
 * @param losses in order, without overlap; they stay so
 * @param late when this lane's rank kept the others waiting
 */
export function keptWaiting(losses: readonly Loss[], late: readonly Lateness[]): readonly Loss[] {
  return late.reduce(
    (all, l) =>
      all.flatMap(loss => {
        const [start, end] = [Math.max(loss.start, l.from), Math.min(loss.end, l.to)];
        if (end <= start) return [loss];
        return [
          ...(loss.start < start ? [{ ...loss, end: start }] : []),
          { kind: 'spin' as const, start, end, wait: l },
          ...(loss.end > end ? [{ ...loss, start: end }] : []),
        ];
      }),
    losses,
  );
}
